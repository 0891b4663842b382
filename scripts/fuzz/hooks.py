"""What the fuzzer cannot guess: ids of things that exist, who is signed in, and one more check.

Parts of a request that are wrong on purpose stay as they are. One request in four goes out as it was
made up, so that unknown ids are asked for as well.
"""

import itertools
import os
import re
import uuid

import requests
import schemathesis
from schemathesis import GenerationMode

TABLE = "Region,Amount\nNorth,10\nSouth,20.5\nNorth,5\n"
# The tables that the host page of the conversation knows: asking for them makes a step.
PAGE = {"jsonData": {"sales": [{"region": "North", "amount": 10}, {"region": "South", "amount": 20}]}}


class World:
    """A conversation with a reply, a step and a file; an account with a conversation; the owner."""

    def __init__(self):
        self.base = os.environ["ALCOVE_FUZZ_URL"]
        self.session = self.account_session = self.token = self.cookie = None

    def post(self, path, json=None, **more):
        answer = requests.post(self.base + path, json=json, timeout=30, **more)
        answer.raise_for_status()
        return answer.json()

    def fill(self):
        """Makes what is not there (any more)."""
        if self.session is None:
            self.session = self.post("/api/sessions/create", {"config": PAGE})["sessionId"]
            said = {"sessionId": self.session, "message": "What is the sum of amount by region?"}
            self.reply = self.post("/api/chat/message", said)["messageId"]
            form = {"data": {"sessionId": self.session}, "files": {"file": ("sales.csv", TABLE)}}
            self.file = self.post("/api/files/upload", **form)["fileId"]
        headers = self.authorization()
        if self.account_session is None:
            said = self.post("/api/v1/chat/", {"message": "Hello"}, headers=headers)
            self.account_session = said["session_id"]

    def authorization(self):
        """A new account each time: what was done to the last one may keep it out."""
        if self.token is None:
            login = {"username": "fuzz-" + uuid.uuid4().hex[:12], "password": uuid.uuid4().hex}
            again = {"password1": login["password"], "password2": login["password"]}
            email = f"{login['username']}@example.com"
            self.post("/api/v1/accounts/register/", {"username": login["username"], "email": email, **again})
            self.token = self.post("/api/v1/accounts/login/", login)["token"]
            self.account_session = None
        return {"Authorization": "Token " + self.token}

    def owner(self):
        """The cookie of the admin pages. Signed in by the form, as a browser does it."""
        if self.cookie is None:
            page = requests.get(self.base + "/admin/login", timeout=30)
            form = {"csrf": csrf_in(page.text), "username": os.environ["ALCOVE_FUZZ_OWNER"]}
            form["password"] = os.environ["ALCOVE_FUZZ_PASSWORD"]
            headers = {"Cookie": cookies_of(page), "Origin": self.base}
            answer = requests.post(
                self.base + "/admin/login", data=form, headers=headers, allow_redirects=False, timeout=30
            )
            self.cookie = cookies_of(answer)
            page = requests.get(self.base + "/admin/tokens", headers={"Cookie": self.cookie}, timeout=30)
            assert page.status_code == 200 and page.url.endswith("/tokens"), "the owner could not sign in"
            self.csrf = csrf_in(page.text)
        return self.cookie


def csrf_in(page):
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    return found.group(1) if found else ""


def cookies_of(answer):
    """Cookies by hand: a client takes those that are for https only as they are meant."""
    set_cookies = answer.raw.headers.getlist("Set-Cookie")
    return "; ".join(cookie.split(";")[0] for cookie in set_cookies)


_world = None


def world():
    global _world
    if _world is None:
        _world = World()
    return _world


@schemathesis.auth(refresh_interval=None).apply_to(path_regex="^/api/v1/(chat|accounts/logout)")
class Member:
    def get(self, case, ctx):
        return world().authorization()

    def set(self, case, data, ctx):
        case.headers = {**(case.headers or {}), **data}


@schemathesis.auth(refresh_interval=None).apply_to(path_regex="^/admin(?!/(login|logout|setup|invitation))")
class Owner:
    def get(self, case, ctx):
        return world().owner()

    def set(self, case, data, ctx):
        case.headers = {**(case.headers or {}), "Cookie": data}


turn = itertools.count()


def is_right(case, part):
    """Whether the fuzzer means this part of the request to be right."""
    components = case.meta.components if case.meta else {}
    component = next((own for name, own in components.items() if name.value == part), None)
    return component is None or component.mode == GenerationMode.POSITIVE


def fill_path(case):
    path, parameters = case.operation.path, case.path_parameters
    if not parameters or not is_right(case, "path"):
        return
    there = {"session_key": world().session, "session_id": world().account_session, "session": world().session}
    there |= {"step": "1", "slug": "default", "file": "styles.css" if "/widget/" in path else "demo.css"}
    if path.startswith("/api/"):
        there["id"] = world().reply if "/replies/" in path else world().session
    if path.startswith("/admin/"):
        # The owner is number 1 and has to stay it.
        there["id"] = "2"
    for name in parameters:
        parameters[name] = there.get(name, parameters[name])


def fill_query(case):
    if not case.query or not is_right(case, "query"):
        return
    there = {"sessionId": world().session, "session_id": world().session, "session_key": world().session}
    there |= {"before": None, "offset": 0}
    if case.operation.path.startswith("/api/files/"):
        there["file"] = world().file
    for name in list(case.query):
        if name in there:
            case.query[name] = there[name]
            if there[name] is None:
                del case.query[name]


def fill_body(case):
    body = case.body
    if not isinstance(body, dict) or not is_right(case, "body"):
        return
    if case.operation.path == "/api/files/upload" and "file" in body:
        body["file"] = TABLE.encode()
    of_account = case.operation.path.startswith("/api/v1/")
    for name in ("sessionId", "session_id", "session_key"):
        if name in body:
            body[name] = world().account_session if of_account else world().session


def fill_headers(case):
    if case.headers and is_right(case, "header"):
        if "Last-Event-ID" in case.headers and case.operation.path == "/api/chat/replies/{id}":
            case.headers["Last-Event-ID"] = f"{world().reply}:0"
        if "X-Session-Id" in case.headers:
            case.headers["X-Session-Id"] = world().session


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path.startswith("/admin"):
        case.headers = {**(case.headers or {}), "Origin": world().base}
        world().fill()
        fill_path(case)
        if case.method == "POST" and isinstance(case.body, dict) and next(turn) % 4:
            world().owner()
            case.body["csrf"] = world().csrf
    elif next(turn) % 4:
        world().fill()
        fill_path(case)
        fill_query(case)
        fill_body(case)
        fill_headers(case)


@schemathesis.hook
def after_call(context, case, response):
    """Forgets what the request has taken away."""
    path = case.operation.path
    if case.method == "DELETE" or path.endswith("/delete"):
        world().session = None
    if path.endswith("/logout/") or path.startswith("/admin/accounts/") and case.method == "POST":
        world().token = None
    if path.startswith("/admin/") and case.method == "POST" and response.status_code == 303:
        # It may have signed the owner out: another password, another role, switched off.
        world().cookie = None


@schemathesis.check
def error_codes_conformance(ctx, response, case):
    """An error's code is one of those that the operation names for its status."""
    kind = response.headers.get("content-type", [""])[0]
    if response.status_code < 400 or kind != "application/json":
        return
    code = response.json().get("code")
    named = case.operation.definition.raw.get("x-error-codes", {}).get(str(response.status_code), [])
    is_method = response.status_code == 405 and code == "method_not_allowed"
    if code is not None and code not in named and not is_method:
        raise AssertionError(f"{response.status_code} {code} is not in the document, which has {named}")
