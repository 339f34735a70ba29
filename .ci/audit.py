"""Look the locked requirements up for known vulnerabilities; say loudly where that could not be done."""

import json
import subprocess
import sys

command = [
    sys.executable,
    "-m",
    "pip_audit",
    "--disable-pip",
    "--require-hashes",
    "--progress-spinner=off",
    "--format=json",
    "--requirement",
    sys.argv[1],
]
run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
try:
    packages = json.loads(run.stdout)["dependencies"]
except (ValueError, KeyError):
    print("NOT AUDITED: the list of known vulnerabilities could not be reached.", file=sys.stderr)
    print("\n".join(run.stderr.strip().splitlines()[-1:]), file=sys.stderr)
    sys.exit(0)
found = [(package, flaw) for package in packages for flaw in package.get("vulns", ())]
for package, flaw in found:
    print(f"{package['name']} {package['version']}: {flaw['id']}, fixed in {', '.join(flaw['fix_versions']) or 'none'}")
print(f"Audited {len(packages)} locked packages: {len(found)} known vulnerabilities.")
sys.exit(1 if found else 0)
