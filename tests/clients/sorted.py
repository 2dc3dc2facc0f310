"""A client that signs its parameters sorted, and lets requests send them in the order of insertion."""
import hashlib
import sys
import urllib.parse

import requests

base, secret, name = sys.argv[1:]


def sign(call, params):
    query = urllib.parse.urlencode(sorted(params.items()))
    return hashlib.sha256((call + query + secret).encode()).hexdigest()


create = {"meetingID": "sorted py", "name": name, "attendeePW": "a b", "welcome": name + "\nline two"}
create["checksum"] = sign("create", create)
print(requests.get(base + "/api/create", params=create).text)
join = {"fullName": name, "meetingID": "sorted py", "password": "a b"}
join["checksum"] = sign("join", join)
print(base + "/api/join?" + urllib.parse.urlencode(join))
