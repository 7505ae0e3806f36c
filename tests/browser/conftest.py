"""A real browser without a screen: Debian's Chromium, driven by Selenium with the driver that belongs to it.

These tests stand outside of ``make test``; ``make test-browser`` runs them. Where Chromium is missing they are skipped;
where CI is set they fail. With OAI_INGEST_TEST_SCREENSHOT=PATH the page of tasks is written there as a picture.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

ENVIRONMENT = os.environ  # noqa: TID251 - the tests' own settings.
BROWSER, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
WIDTH, HEIGHT = 1500, 1450
ARGUMENTS = (
    "--headless",
    # Root may not use it, and what is shown comes from this machine.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    # Else it asks its maker's hosts, again and again.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    f"--window-size={WIDTH},{HEIGHT}",
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    """Open a browser that has never been used."""
    for program in (BROWSER, DRIVER):
        if not program.exists():
            missing = f"there is no {program}; install Debian's packages chromium and chromium-driver"
            if ENVIRONMENT.get("CI", "").lower() not in {"", "0", "false"}:
                pytest.fail(f"CI must have every real part: {missing}", pytrace=False)
            pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path / 'browser'}"):
        options.add_argument(argument)
    # By its path, so that Selenium looks for none and fetches none.
    with Chrome(options=options, service=Service(str(DRIVER))) as browser:
        yield browser


@pytest.fixture
def screenshot() -> Path | None:
    """Return where a picture of the page is wanted, or None."""
    path = ENVIRONMENT.get("OAI_INGEST_TEST_SCREENSHOT")
    return Path(path) if path else None
