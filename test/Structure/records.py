"""Read the records of our .td files."""

import json
import subprocess


def read_records(tblgen, root, includes, tops=("dialect", "lib")):
    """Return the records of all .td files below `tops`, and their names by class."""
    files = sorted(file for top in tops for file in (root / top).rglob("*.td"))
    text = "".join(f'include "{file.relative_to(root)}"\n' for file in files)
    command = [tblgen, "--dump-json", f"-I{root}", *(f"-I{path}" for path in includes)]
    result = subprocess.run(command, input=text, check=True, stdout=subprocess.PIPE, text=True)
    records = json.loads(result.stdout)
    return records, records["!instanceof"]


def read_operations(*arguments, **options):
    """Return the records of operations by name, as in `block.add`."""
    records, classes = read_records(*arguments, **options)
    operations = {}
    for name in classes["Op"]:
        dialect = records[records[name]["opDialect"]["def"]]
        operations[f"{dialect['name']}.{records[name]['opName']}"] = records[name]
    return operations
