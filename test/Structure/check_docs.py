"""Check that the pages of `ninja mlir-doc` describe all that the .td files define.

check_docs.py LLVM_TBLGEN ROOT DOCS INCLUDES...: prints a line for each operation, attribute,
enumeration, interface and pass that has no heading or no description.
"""

import re
import sys
from pathlib import Path

from records import read_records

HEADING = re.compile(r"^#+ +`?-*([\w.-]+)", re.MULTILINE)
OURS = "::mlir::perceiver"


def find_names(records, classes):
    """Return (heading, record) for all that is to be documented."""
    for name in classes["Op"]:
        dialect = records[records[name]["opDialect"]["def"]]
        yield f"{dialect['name']}.{records[name]['opName']}", records[name]
    for group, field in (
        ("AttrDef", "cppClassName"),
        ("EnumInfo", "className"),
        ("Interface", "cppInterfaceName"),
    ):
        for name in classes[group]:
            record = records[name]
            declares = "DeclareInterfaceMethods" in record["!superclasses"]
            if record["cppNamespace"].startswith(OURS) and not declares:
                yield record[field], record
    for name in classes["PassBase"]:
        yield records[name]["argument"], records[name]


def main(tblgen, root, docs, *includes):
    headings = {name for page in docs.rglob("*.md") for name in HEADING.findall(page.read_text())}
    count, errors = 0, []
    for name, record in find_names(*read_records(tblgen, root, includes)):
        count += 1
        if name not in headings:
            errors.append(f"{name} is not in the documentation")
        if not (record["description"] or record.get("summary") or "").strip():
            errors.append(f"{name} has no description ({record['!locs'][0]})")
    print(*errors, f"{count} documented, {len(errors)} errors", sep="\n")
    return 1 if errors or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))
