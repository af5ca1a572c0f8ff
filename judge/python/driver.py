"""Runs commands of the Azure CLI, calls of Microsoft's Python packages and plain requests, one after the other.

Reads one job per line (JSON) from standard input and answers each with one line: the outcome. What the job's tool prints is part
of the outcome. Nothing leaves the machine: see guard.py.
"""
import json
import os
import sys
import time
import traceback

import capture

answers = capture.take_standard_output()

import guard
import outcomes

guard.stay_on_this_machine()

from azure_cli import AzureCli
from packages import Packages
from requests_ import Requests
from sign_in import SignIn


def tools(settings):
    """Each kind of job, and what runs it. Made when first needed: the Azure CLI takes a while."""
    sign_in = SignIn(settings)
    made = {}
    makers = {
        "az": lambda: AzureCli(settings),
        "python": lambda: Packages(settings, sign_in),
        "http": lambda: Requests(settings, sign_in),
    }

    def tool(kind):
        if kind not in made:
            made[kind] = makers[kind]()
        return made[kind]

    return tool


def answered(tool, job):
    began = time.monotonic()
    kind = next(name for name in ("az", "python", "http") if name in job)
    os.chdir(job["folder"])
    with capture.printed() as text:
        try:
            outcome = tool(kind).run(job)
        except Exception:
            outcome = {"broken": traceback.format_exc()}
    outcome["text"] = text.getvalue()
    if outcome.get("exit") and not outcome.get("code"):
        outcome["code"] = outcomes.code_in(outcome["text"])
    outcome["left"] = guard.attempts()
    outcome["seconds"] = round(time.monotonic() - began, 3)
    outcome["values"] = {query: found(query, outcome.get("output")) for query in job.get("queries", [])}
    return outcome


def found(query, output):
    """What a JMESPath expression finds in an output; its own error when it cannot be evaluated."""
    import jmespath

    try:
        return jmespath.search(query, output)
    except jmespath.exceptions.JMESPathError as error:
        return f"JMESPath: {error}"


def main():
    tool = tools(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        outcome = answered(tool, json.loads(line))
        answers.write(json.dumps({name: value for name, value in outcome.items() if value is not None}, default=str) + "\n")
        answers.flush()


main()
