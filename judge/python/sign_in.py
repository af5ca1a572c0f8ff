"""Tokens of the identity that this process stands for, by azure-identity."""
from functools import cached_property


class SignIn:
    def __init__(self, settings):
        self._settings = settings

    @cached_property
    def credential(self):
        from azure.identity import ClientSecretCredential

        return ClientSecretCredential(
            self._settings["tenant"],
            self._settings["clientId"],
            self._settings["secret"],
            authority=self._settings["url"],
            disable_instance_discovery=True,
        )

    def token(self, audience):
        """A token for an audience, e.g. https://storage.azure.com."""
        return self.credential.get_token(f"{audience}/.default").token
