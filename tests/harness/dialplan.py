#!/usr/bin/env python3
"""A telephone gateway: asks for a dialplan as mod_xml_curl does, and runs what it is told; a line for each action.

dialplan.py URL NUMBER [FIELD=VALUE...] [PIN...]: a PIN is what the caller types, in order; fields stand in each form.
"""
import base64
import os
import re
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET


def ask(url, form):
    request = urllib.request.Request(url, urllib.parse.urlencode(form, errors="surrogateescape").encode())
    request.add_header("Host", os.environ["H_DOMAIN"])
    credentials = os.environ.get("DIALIN_USER", "fsapi:gate")
    request.add_header("Authorization", "Basic " + base64.b64encode(credentials.encode()).decode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def expand(text, variables):
    """As switch_channel_expand_variables: ${name} and $${name}; what is a call of a function is said and done nothing about."""
    def value(match):
        if not re.fullmatch(r"\w+", match[1]):
            print("EXECUTES", match[0])
        return variables.get(match[1], "")
    return re.sub(r"\$?\$\{([^}]*)\}", value, text)


def extension(document, destination):
    """The actions of the first extension of context public whose condition fits; None: there is none."""
    root = ET.fromstring(document)
    assert root.tag == "document" and root.get("type") == "freeswitch/xml", document
    section = root.find("section")
    if section.get("name") == "result":
        assert section.find("result").get("status") == "not found", document
        return None
    assert section.get("name") == "dialplan", document
    for one in section.find("context[@name='public']"):
        condition = one.find("condition")
        assert condition.get("field") == "destination_number", document
        if re.search(condition.get("expression"), destination):
            return condition.findall("action")
    return None


def digits(data, typed, variables):
    """play_and_get_digits MIN MAX TRIES TIMEOUT TERMINATORS FILE BAD-FILE VARIABLE REGEXP."""
    least, most, tries, _, _, sound, _, name, expression = data.split(" ")
    print("prompt", sound)
    variables.pop(name, None)
    for _ in range(int(tries)):
        pin = typed.pop(0) if typed else ""
        if int(least) <= len(pin) <= int(most) and re.fullmatch(expression, pin):
            variables[name] = pin
            return


def run(actions, typed, variables):
    """Where the call is transferred to; None: it is over."""
    for one in actions:
        application, data = one.get("application"), expand(one.get("data", ""), variables)
        if application == "play_and_get_digits":
            digits(one.get("data"), typed, variables)
            continue
        if application == "transfer":
            words = data.split(" ")
            return words[0] if len(words) == 3 and words[0] and words[1:] == ["XML", "public"] else None
        print(application, data)
        if application == "set":
            name, _, value = data.partition("=")
            variables[name] = value
        if application in ("bridge", "hangup"):
            return None
    return None


def main():
    url, destination, *rest = sys.argv[1:]
    fields = dict(a.split("=", 1) for a in rest if "=" in a)
    typed, variables = [a for a in rest if "=" not in a], {}
    for _ in range(10):
        form = {"section": "dialplan", "Caller-Destination-Number": destination, "Caller-Context": "public"}
        form.update({"variable_" + name: value for name, value in variables.items()})
        actions = extension(ask(url, {**form, **fields}), destination)
        if actions is None:
            print("not found")
            return
        destination = run(actions, typed, variables)
        if destination is None:
            return
    print("for ever")


main()
