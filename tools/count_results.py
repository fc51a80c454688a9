"""Sum up the JUnit files of several test runners in one line: N passed, N failed.

Each argument is NAME=ok|failed=FILE: a runner, how it exited and what it wrote. A runner that
exited with an error but reports no failed test, or ran nothing, counts as one failure. Exits with
1 if anything failed.
"""

import sys
import xml.etree.ElementTree as ElementTree


def count(path):
    """Return the numbers of (passed, failed, skipped) test cases in a JUnit file."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count_runner(name, status, path):
    """Like count(), but turn what went wrong outside of the tests into a failure."""
    try:
        passed, failed, skipped = count(path)
    except (OSError, ElementTree.ParseError) as error:
        print(f"{name} left no results: {error}")
        return 0, 1, 0
    print(f"{name}: {passed} passed, {failed} failed, {skipped} skipped")
    if passed + failed == 0:
        print(f"{name} ran no test")
        failed = 1
    elif status != "ok" and failed == 0:
        print(f"{name} exited with an error although no test failed; see its output above")
        failed = 1
    return passed, failed, skipped


def main(arguments):
    counts = [count_runner(*argument.split("=", 2)) for argument in arguments]
    passed, failed, skipped = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
