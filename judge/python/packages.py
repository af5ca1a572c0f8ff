"""Microsoft's Python packages: a chain of attributes and calls on a client, written as data.

`[network, virtual_networks, {get: [group, name]}]` is `network.virtual_networks.get(group, name)`. A list gives arguments by
position, a mapping by name, and `[…, {…}]` under `with` both. Pollers are waited for, pages are read to the end.
"""
import importlib

import outcomes

_management = {
    "authorization": ("azure.mgmt.authorization", "AuthorizationManagementClient"),
    "cognitive": ("azure.mgmt.cognitiveservices", "CognitiveServicesManagementClient"),
    "cosmos": ("azure.mgmt.cosmosdb", "CosmosDBManagementClient"),
    "deployments": ("azure.mgmt.resource.deployments", "DeploymentsMgmtClient"),
    "identities": ("azure.mgmt.msi", "ManagedServiceIdentityClient"),
    "keyvault": ("azure.mgmt.keyvault", "KeyVaultManagementClient"),
    "locks": ("azure.mgmt.resource.locks", "ManagementLockClient"),
    "logs": ("azure.mgmt.loganalytics", "LogAnalyticsManagementClient"),
    "ml": ("azure.mgmt.machinelearningservices", "MachineLearningServicesMgmtClient"),
    "network": ("azure.mgmt.network", "NetworkManagementClient"),
    "policy": ("azure.mgmt.resource.policy", "PolicyClient"),
    "privatedns": ("azure.mgmt.privatedns", "PrivateDnsManagementClient"),
    "registry": ("azure.mgmt.containerregistry", "ContainerRegistryManagementClient"),
    "resources": ("azure.mgmt.resource", "ResourceManagementClient"),
    "search": ("azure.mgmt.search", "SearchManagementClient"),
    "stacks": ("azure.mgmt.resource.deploymentstacks", "DeploymentStacksClient"),
    "storage": ("azure.mgmt.storage", "StorageManagementClient"),
    "subscriptions": ("azure.mgmt.resource.subscriptions", "SubscriptionClient"),
}
_data = {
    "lake": ("azure.storage.filedatalake", "DataLakeServiceClient"),
    "blobs": ("azure.storage.blob", "BlobServiceClient"),
}


class Packages:
    def __init__(self, settings, sign_in):
        self._settings = settings
        self._sign_in = sign_in
        self._clients = {}

    def run(self, job):
        client, *steps = job["python"]
        try:
            value = self._client(client, job)
            for step in steps:
                value = _step(value, step)
            return {"output": _finished(value)}
        except Exception as error:
            outcome = outcomes.of_error(error)
            if "status" not in outcome and not type(error).__module__.startswith("azure."):
                raise
            return outcome

    def _client(self, name, job):
        account = job.get("account")
        key = (name, account)
        if key not in self._clients:
            self._clients[key] = self._data(name, account) if name in _data else self._manage(name)
        return self._clients[key]

    def _manage(self, name):
        module, kind = _management[name]
        url = self._settings["url"]
        own = () if name == "subscriptions" else (self._settings["subscription"],)
        return getattr(importlib.import_module(module), kind)(
            self._sign_in.credential, *own, base_url=url, credential_scopes=[f"{url}/.default"], polling_interval=1
        )

    def _data(self, name, account):
        module, kind = _data[name]
        address = f"{self._settings['url']}/storage/{account}"
        return getattr(importlib.import_module(module), kind)(address, credential=self._sign_in.credential)


def _step(value, step):
    if isinstance(step, str):
        return getattr(value, step)
    ((name, given),) = step.items()
    method = getattr(value, name)
    if isinstance(given, dict) and set(given) == {"of", "with"}:
        return method(*given["of"], **given["with"])
    return method(**given) if isinstance(given, dict) else method(*given)


def _finished(value):
    """A result that JSON can hold."""
    if hasattr(value, "result") and hasattr(value, "done"):
        return _finished(value.result())
    if hasattr(value, "readall"):
        return value.readall().decode()
    if hasattr(value, "by_page"):
        return [_finished(item) for item in value]
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if isinstance(value, (list, tuple)):
        return [_finished(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _finished(item) for key, item in value.items()}
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if hasattr(value, "__dict__"):
        public = {name: item for name, item in vars(value).items() if not name.startswith("_")}
        return {name: _finished(item) for name, item in public.items()}
    return str(value)
