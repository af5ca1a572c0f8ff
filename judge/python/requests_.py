"""Plain requests, for what no client of Microsoft's lets one express."""
import requests

import outcomes


class Requests:
    def __init__(self, settings, sign_in):
        self._url = settings["url"]
        self._sign_in = sign_in
        self._session = requests.Session()

    def run(self, job):
        method, path = job["http"].split(" ", 1)
        body = job.get("body")
        headers = {**self._authorization(path, job), **job.get("headers", {})}
        as_json = None if body is None or isinstance(body, str) else body
        data = body.encode() if isinstance(body, str) else None
        answer = self._session.request(
            method, self._url + path, headers=headers, json=as_json, data=data, timeout=60, allow_redirects=False
        )
        return outcomes.of_answer(answer.status_code, answer.headers, answer.text)

    def _authorization(self, path, job):
        if job.get("anonymous"):
            return {}
        if path.startswith("/graph/"):
            audience = f"{self._url}/graph"
        elif path.startswith("/storage/"):
            return {
                "Authorization": "Bearer " + self._sign_in.token("https://storage.azure.com"),
                "x-ms-version": "2023-11-03",
            }
        else:
            audience = self._url
        return {"Authorization": "Bearer " + self._sign_in.token(audience)}
