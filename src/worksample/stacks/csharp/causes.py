"""What common errors of .NET, its package manager and Npgsql mean."""

from __future__ import annotations

from worksample.stacks.causes import Cause

BUILD_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"error NETSDK1045: [^\n]*does not support targeting (\.NET \d+\.\d+)",
        "{found} is required, which the SDK of this machine does not know: install a newer SDK "
        "(https://dotnet.microsoft.com/download), or write an older version into "
        "<TargetFramework>",
    ),
    Cause(
        r"Requested SDK version: (\S+)",
        "global.json asks for the .NET SDK {found}, which this machine does not have: install it, "
        'or write "rollForward": "latestMajor" into global.json',
    ),
    Cause(
        r"error NU1101: Unable to find package (Microsoft\.(?:NETCore|AspNetCore)\.App\.Ref)\.",
        "the project targets another version of .NET than the SDK of this machine has, and its "
        "reference packages ({found}) could not be downloaded: change <TargetFramework>, or check "
        "the network",
    ),
    Cause(
        r"error NU1101: Unable to find package ([\w.-]+)\.",
        "no package source has the package {found}: check its name in the project file, and the "
        "sources in nuget.config",
    ),
    Cause(
        r"error NU1102: Unable to find package ([\w.-]+) with version",
        "the wanted version of the package {found} does not exist: check it in the project file",
    ),
    Cause(
        r"error NU1004: ",
        "packages.lock.json does not match the project file: run dotnet restore, and commit both",
    ),
    Cause(
        r"error NU1301: Unable to load the service index for source (\S+?)\.?(?:\s|$)",
        "{found}, from which packages are downloaded, could not be reached: check the network, the "
        "proxy settings and nuget.config",
    ),
    Cause(
        r"error NU1605: [^\n]*downgrade: ([\w.-]+)",
        "two packages need different versions of {found}: reference the newer one in the project "
        "file",
    ),
    Cause(
        r"Skipping project \"([^\"]+)\" because it was not found",
        "the project file refers to {found}, which is not part of the submission: commit it, or "
        "remove the <ProjectReference>",
    ),
    Cause(
        r"(?m)^[ \t]*(\S{1,300}?\.csproj(?:\(\d+,\d+\))?) ?: error MSB4025",
        "the project file {found} is not valid XML",
    ),
    Cause(
        r"error MSB1003|error MSB1011",
        "there is no project file in the folder, or more than one: name it in the command",
    ),
    Cause(
        r"([\w.-]{1,100}\.cs\(\d+,\d+\)): error CS(?:0246|0234): ",
        "{found} names a type or namespace that is not there: a package or a `using` is missing, "
        "or the name is misspelt",
    ),
    Cause(
        r"([\w.-]{1,100}\.(?:cs|razor|cshtml)\(\d+,\d+\)): error [A-Z]{2,8}\d+: ",
        "the C# sources do not compile: see {found}",
        vague=True,
    ),
)
START_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"You must install or update \.NET[\s\S]{0,400}?Framework: '([^']+', version '[\d.]+)'",
        "the runtime '{found}' is not on this machine: install it "
        "(https://dotnet.microsoft.com/download), or write <RollForward>Major</RollForward> into "
        "the project file",
    ),
    Cause(
        r"Couldn't find a valid ICU package",
        "this machine has no ICU, which .NET needs for languages: install libicu, or write "
        "<InvariantGlobalization>true</InvariantGlobalization> into the project file",
    ),
    Cause(
        r"Unable to configure HTTPS endpoint",
        "the server listens on HTTPS without a certificate: listen on http://127.0.0.1:$PORT, as "
        "ASPNETCORE_URLS says; an address in appsettings.json or in the code wins over it",
    ),
    Cause(
        r"Failed to bind to address (\S+): address already in use",
        "the server listens on {found}, a port that is already in use: listen where "
        "ASPNETCORE_URLS says; an address in the code (app.Urls, app.Run, UseUrls) wins over it",
    ),
    Cause(
        r"Format of the initialization string does not conform to specification",
        "a connection string is no list of `Host=...;Port=...`: Npgsql does not understand the URL "
        'in DATABASE_URL; set ConnectionStrings__Default = "{postgres.ado}" in worksample.toml '
        "under [env], or take the URL apart",
    ),
    Cause(
        r"(?:The ConnectionString property has not been initialized|Host can't be null"
        r"|A named connection string was used, but the name '([^']+)' was not found)",
        "the server has no connection string for its database: read ConnectionStrings from the "
        "configuration, or map your name in worksample.toml: [env] ConnectionStrings__Default = "
        '"{postgres.ado}"',
    ),
    Cause(
        r"Failed to connect to \S+:(\d+)\s+---> System\.Net\.Sockets\.SocketException \(111\)",
        "the server connects to port {found}, where no database listens: read the connection "
        "string from the configuration (ConnectionStrings), or map your name in worksample.toml: "
        '[env] ConnectionStrings__Default = "{postgres.ado}"',
    ),
    Cause(
        r"SocketException \([^)\n]*\): (?:Name or service not known"
        r"|Resource temporarily unavailable|Temporary failure in name resolution)",
        "the host of the database exists only in a network of containers: read the connection "
        "string from the configuration (ConnectionStrings), or map your name in worksample.toml: "
        '[env] ConnectionStrings__Default = "{postgres.ado}"',
    ),
    Cause(
        r"The connection pool has been exhausted",
        "all connections to the database are in use: dispose each connection, reader and "
        "DbContext (using, await using), or raise Maximum Pool Size",
    ),
    Cause(
        r"Unable to resolve service for type '([^']+)' while attempting to activate",
        "{found} is asked for, but not registered: add it to builder.Services",
    ),
    Cause(
        r"PendingModelChangesWarning|has pending changes\. Add a new migration",
        "the model has changed since the last migration: dotnet ef migrations add NAME, and commit "
        "it",
    ),
    Cause(
        r"No migrations were found in assembly '([^']+)'",
        "{found} has no migrations, so the database has no tables: dotnet ef migrations add NAME, "
        "and commit the folder Migrations",
    ),
)
