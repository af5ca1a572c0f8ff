"""The Azure CLI, in this process: each command as `az` itself would run it, without starting Python anew."""
import io
import shlex

import outcomes


class AzureCli:
    def __init__(self, settings):
        self._sign_in(settings)

    def run(self, job):
        words = job["az"] if isinstance(job["az"], list) else shlex.split(job["az"])
        return self._invoke(words)

    def _sign_in(self, settings):
        url = settings["url"]
        login = ["login", "--service-principal", "--tenant", settings["tenant"]]
        login += ["--username", settings["clientId"], "--password", settings["secret"]]
        for words in (
            ["cloud", "register", "--name", "sandbox", "--endpoint-resource-manager", url],
            ["cloud", "set", "--name", "sandbox"],
            login,
            ["account", "set", "--subscription", settings["subscription"]],
        ):
            outcome = self._invoke(words)
            if outcome["exit"] != 0:
                raise RuntimeError(f"az {words[0]} {words[1]}: {outcome}")

    def _invoke(self, words):
        from azure.cli.core import get_default_cli

        cli = get_default_cli()
        raised = []
        handle = cli.exception_handler

        def remember(error):
            raised.append(error)
            return handle(error)

        cli.exception_handler = remember
        printed = io.StringIO()
        try:
            exit_code = cli.invoke(words, out_file=printed)
        except SystemExit as end:
            exit_code = end.code
        outcome = {"exit": exit_code, "output": outcomes.parsed(printed.getvalue())}
        if raised:
            outcome.update(outcomes.of_error(raised[-1]))
        return outcome
