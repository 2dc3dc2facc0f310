# Every operation of the description, asked by each principal about what is his and what is not: what differs from what
# permission and scope say is printed, a line each, and at last how many were asked.
#
#	b3lb-manage --openapi | routes.py PORT HOST SECRETS NAME=TOKEN:ROLE:TENANT... -- PARAMETER=OWN:FOREIGN...
import http.client
import json
import re
import sys

RANK = {"viewer": 1, "operator": 2, "admin": 5}
NEEDED = {"read": 1, "operate": 2, "configure": 3, "secrets": 4, "access": 5}

port, host, secrets = sys.argv[1:4]
rest = sys.argv[4:]
principals = [p.split("=", 1) for p in rest[:rest.index("--")]]
values = dict(v.split("=", 1) for v in rest[rest.index("--") + 1:])
document = json.load(sys.stdin)
connection = http.client.HTTPConnection("127.0.0.1", int(port))
asked = 0


def ask(method, path, token, operation, body):
    global asked
    headers = {"Host": host, "Sec-Fetch-Site": "same-origin"}
    if method != "get":
        headers["If-Match"] = '"0"'
    if token:
        headers["Authorization"] = "Bearer " + token
    if "requestBody" in operation:
        headers["Content-Type"] = "application/json"
    else:
        body = b"" if method != "get" else None
    connection.request(method.upper(), "/b3lb/admin/v1" + path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    asked += 1
    return answer.status, text


# What stands for a brace; "secrets/{name}" has a name of its own.
def fill(path, foreign):
    def value(match):
        key = match.group(1) + match.group(2)
        both = values.get(key) or values[match.group(2)]
        return match.group(1) + both.split(":")[1 if foreign else 0]

    return re.sub(r"([a-z]+/)?(\{[a-z]+\})", lambda m: value(re.match(r"()(.*)", m.group(0))) if not m.group(1) else value(m), path)


def wanted(operation, role, bound, foreign):
    scope = operation["x-scope"]
    if scope == "open":
        return None
    if role is None:
        return 401
    permission = operation.get("x-permission")
    rank = RANK[role] if not (bound and role == "admin") else 4
    if permission and NEEDED[permission] > rank:
        return 403
    if bound and (scope == "global" or (foreign and scope in ("tenant", "own"))):
        return 404
    if bound and operation.get("x-unbound"):
        return 403
    return 200


def check(path, method, operation, name, token, role, bound, foreign):
    want = wanted(operation, role, bound, foreign)
    names = [p["name"] for p in operation["parameters"]]
    target = fill(path, foreign)
    if want == 200 and method == "delete" and "dry_run" not in names and "{" in path:
        target = re.sub(r"[^/]*$", "nothing", target)
    if "dry_run" in names:
        target += "?dry_run=1"
    # What may be done is not: its body is broken. What may not be must not be found out by that.
    status, text = ask(method, target, token, operation, b"[" if want == 200 else b"{}")
    what = "%s %s by %s: %d" % (method, target, name, status)
    if want in (401, 403, 404) and status != want:
        print(what, "wanted", want)
    elif want == 200 and (status in (401, 403) or status >= 500 or (method == "get" and status not in (200, 422))):
        print(what, "wanted to be let in")
    if re.search(secrets, text) and not path.endswith("/reveal"):
        print(what, "shows a secret")
    if bound and re.search("BETA|beta|\"n1\"", text):
        print(what, "shows what is another's")


for path, methods in document["paths"].items():
    for method, operation in methods.items():
        for principal in [("nobody", None)] + principals:
            name = principal[0]
            token, role, tenant = principal[1].split(":") if principal[1] else (None, None, "")
            for foreign in (False, True) if "{" in path else (False,):
                if path != "/session" or method != "post":
                    check(path, method, operation, name, token, role, bool(tenant), foreign)
print(asked)
