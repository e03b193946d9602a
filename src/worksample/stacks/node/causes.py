"""What common errors of Node and its package managers mean."""

from __future__ import annotations

from worksample.stacks.causes import Cause

BUILD_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?i)(SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT)",
        "the package index's certificate is not trusted: set NODE_EXTRA_CA_CERTS to the "
        "certificate of your network",
    ),
    Cause(
        r"(ERR_OSSL_EVP_UNSUPPORTED|digital envelope routines::unsupported)",
        "the build tools are too old for this Node: update them, or choose an older Node of this "
        'machine in worksample.toml: [build] node = "16"',
    ),
    Cause(
        r"gyp ERR![^\n]*(?:No module named 'distutils'|Python executable [^\n]*is v2)",
        "a package is compiled with a version of node-gyp that is too old for this machine's "
        "Python: update the package",
    ),
    Cause(
        r"(?s)\b(?:npm (?:ERR!|error)) path \S*/node_modules/((?:@[\w.-]+/)?[\w.-]+)\s.*gyp ERR!",
        "{found} must be compiled and does not compile with this Node: update it, or choose an "
        'older Node of this machine in worksample.toml: [build] node = "18"',
        vague=True,
    ),
    Cause(
        r"(gyp ERR! find Python|gyp ERR!.*not found: make)",
        "a package must be compiled, but its tools are missing: install Python and a compiler "
        "(apt install build-essential python3, xcode-select --install)",
    ),
    Cause(
        r"(ERESOLVE|peer dep|Conflicting peer dependency)",
        "two packages require different versions of a third (peer conflict): align the versions in "
        "package.json and commit the lock file",
    ),
    Cause(
        r"(?i)(npm ci.{0,40}can only install packages when|lock file's .* does not satisfy"
        r"|ERR_PNPM_OUTDATED_LOCKFILE"
        r"|lockfile needs to be updated|lockfile would have been modified)",
        "the lock file does not match package.json: run your package manager's install and commit "
        "the lock file",
    ),
    Cause(
        r"(E404|ETARGET)",
        "the package or version does not exist in the package index: check the spelling and the "
        "version",
        vague=True,
    ),
    Cause(
        r"(?i)(EBADENGINE|Unsupported engine)",
        "a package requires another version of Node",
        vague=True,
    ),
    Cause(
        r"(Cannot find module)",
        "the build uses a package that is not installed: add it to the dependencies",
        vague=True,
    ),
    Cause(r"error TS\d+", "the TypeScript does not compile: the log names the errors", vague=True),
)
START_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?:Error: Cannot find module|Cannot find package) ['\"]([^'\"]+)['\"]",
        "the module {found} was not found: add its package to the dependencies, or, if it belongs "
        "to the project, set [run] cwd or command in worksample.toml",
    ),
    Cause(
        r"SyntaxError",
        "a source file has a syntax error: the log names the file and line",
        vague=True,
    ),
)
