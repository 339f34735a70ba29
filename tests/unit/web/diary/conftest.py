"""The modules of the app in a browser, to be called from Python."""

import json
import os

import pytest

from browsers import launched, require
from journeys.web.diary.written_clinic import HOST, WrittenClinic
from modicum.services.diary import Signer
from modicum.web import assets


@pytest.fixture(scope="session")
def phone_signer(tmp_path_factory):
    return Signer.kept_in(tmp_path_factory.mktemp("key") / "receipt.key", os.urandom)


@pytest.fixture(scope="module")
def call(phone_signer):
    """Calls a function of a module of the app with each list of arguments, and gives back what came of each.

    The argument at the place `key` is a public key, which is imported first.
    """
    require()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launched(playwright)
        context = browser.new_context(service_workers="block")
        WrittenClinic(phone_signer).serve(context)
        page = context.new_page()
        page.goto(f"{HOST}/diary/")

        def run(module, function, rows, *, key=None):
            code = """async ([path, name, text, key]) => {
              const found = await import(path);
              const results = [];
              for (const row of JSON.parse(text)) {
                if (key !== null) row[key] = await found.importKey(row[key]);
                results.push((await found[name](...row)) ?? null);
              }
              return JSON.stringify(results);
            }"""
            asked = [assets.address(f"diary/{module}.js"), function, json.dumps(rows), key]
            return json.loads(page.evaluate(code, asked))

        yield run
        browser.close()
