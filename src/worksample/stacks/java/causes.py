"""What common errors of Maven, Gradle, javac and Spring Boot mean."""

from __future__ import annotations

import re

from worksample.stacks.causes import Cause

#: Maven could not find something without the network.
OFFLINE = re.compile(r"in offline mode|has not been downloaded from it before")
#: A build failed for want of something that must be downloaded.
NEEDS_A_DOWNLOAD = re.compile(
    r"Could not (?:resolve|transfer|find artifact)|Non-resolvable|offline mode"
    r"|UnknownHostException|PluginResolutionException|Unresolveable build extension"
)

BUILD_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"(?:release version|invalid (?:target|source) release:) (?:1\.)?(\d+)"
        r"(?: not supported)?|error: release version (\d+)",
        "the JDK that builds does not know Java {found}: install JDK {found} "
        "(https://adoptium.net), or write an older version into <java.version> of pom.xml; [build] "
        "java in worksample.toml chooses among the JDKs of this machine",
    ),
    Cause(
        r"(?:Source|Target) option (\d+) is no longer supported",
        "pom.xml does not say which Java it is written in, so Maven takes version {found}: set "
        "<maven.compiler.release>17</maven.compiler.release>, and name a maven-compiler-plugin of "
        "3.6 or later",
    ),
    Cause(
        r"com\.sun\.tools\.javac\.\S* (?:::|does not have member field)[^\n]*"
        r"|class lombok\.javac\.\S+[^\n]*cannot access class com\.sun\.tools\.javac",
        "Lombok does not work with a JDK as new as this one: choose the JDK that the project was "
        'written for ([build] java = "17" in worksample.toml), or a newer Lombok',
    ),
    Cause(
        r"Could not find artifact ([\w.-]+:[\w.-]+:\S+?:[\w.-]+)(?: in| \()",
        "{found} does not exist in the repositories that the build asks: check its name and "
        "version; what you installed on your machine only must be part of the project",
    ),
    Cause(
        r"Cannot access \S+ \(\S+\) in offline mode and the artifact (\S+)"
        r"|No cached version of (\S+) available for offline mode",
        "{found} must be downloaded, but the build is offline: build once with the network",
    ),
    Cause(
        r"UnknownHostException: (\S+?):?(?=\s|$)|Unknown host ([\w.-]+)"
        r"|Could not transfer artifact \S+ from/to \S+ \(https?://([\w.-]+)",
        "{found}, from which packages are downloaded, could not be reached: check the network, the "
        "proxy settings and the mirrors in settings.xml",
    ),
    Cause(
        r"PKIX path building failed",
        "the certificate of the package index is not trusted by the JDK: put the certificate of "
        "your network into its key store (keytool -importcert -cacerts)",
    ),
    Cause(
        r"Unable to find main class|Main class name has not been configured",
        "the project has no class with a `main`, so its jar could not be started: write one with "
        "@SpringBootApplication, or remove spring-boot-maven-plugin from a module that is no "
        "server",
    ),
    Cause(
        r"Unable to find a single main class from the following candidates \[([^\]\n]+)\]",
        "several classes have a `main` ({found}): name the server's in pom.xml: "
        "<properties><start-class>...</start-class></properties>",
    ),
    Cause(
        r"No plugin found for prefix '([^']+)'",
        "the build calls the plugin {found}, which pom.xml does not name",
    ),
    Cause(
        r"Detected Maven Version: (\S+) is not in the allowed range",
        "the project refuses Maven {found}: run ./mvnw -version once, so that the wrapper's Maven "
        "builds",
    ),
    Cause(
        r"Detected JDK [Vv]ersion:? (\S+)[^\n]* is not in the allowed range",
        "the project refuses the JDK {found}: choose one by [build] java in worksample.toml",
    ),
    Cause(
        r"Non-parseable POM (\S+?):? ",
        "{found} is not valid",
    ),
    Cause(
        r"(?:Cannot find a Java installation|No matching toolchains found)[^\n]*"
        r"languageVersion=(\d+)",
        "Gradle wants JDK {found}, which this machine does not have: install it "
        "(https://adoptium.net), or ask for another version in build.gradle",
    ),
    Cause(
        r"Unsupported class file major version (\d+)",
        "Gradle does not work with a JDK as new as the one that runs it: choose an older one by "
        "[build] java in worksample.toml, or a newer Gradle",
    ),
    Cause(
        r"(?:\[ERROR\] \S+\.java:\[\d+,\d+\]|error:) package ([\w.]+) does not exist",
        "no dependency has the package {found}: add it to pom.xml (or build.gradle); one with the "
        "scope test is not there in src/main",
        vague=True,
    ),
    Cause(
        r"(?m)^(?:\[ERROR\] )?(\S+\.(?:java|kt):(?:\[\d+,\d+\]|\d+(?=: error)))",
        "the sources do not compile: see {found}",
        vague=True,
    ),
)
START_CAUSES: tuple[Cause, ...] = (
    Cause(
        r"no main manifest attribute, in (\S+)",
        "{found} cannot be started, since its manifest names no main class: with Spring Boot, add "
        "spring-boot-maven-plugin to pom.xml (without its parent: with the goal repackage)",
    ),
    Cause(
        r"Unable to access jarfile (\S+)",
        "there is no {found}: the start command must name the jar that the build makes, as "
        "target/NAME.jar; without a start command it is found",
    ),
    Cause(
        r"UnsupportedClassVersionError[^\n]*compiled by a more recent version of the Java Runtime"
        r"[^\n]*?class file version (\d+)",
        "a class was compiled for a newer Java than the one that runs it (class file version "
        "{found}; 61 is Java 17, 65 is 21, 69 is 25): write the version that you need into "
        "<java.version> of pom.xml, or [build] java in worksample.toml",
    ),
    Cause(
        r"Could not resolve placeholder '([^'\n:]{1,100})'",
        "the configuration needs a value for {found}: set the variable in worksample.toml under "
        "[env], or give it a default in the configuration ({found}:default)",
    ),
    Cause(
        r"claims to not accept jdbcUrl|'url' must start with \"jdbc\"",
        "spring.datasource.url must begin with jdbc: and the name of the driver: leave it to "
        "SPRING_DATASOURCE_URL, which is set, or use {postgres.jdbc} in worksample.toml",
    ),
    Cause(
        r"Failed to configure a DataSource|Failed to determine a suitable driver class",
        "Spring finds no database: SPRING_DATASOURCE_URL is set if pom.xml names a driver "
        "(org.postgresql:postgresql); for another name use [env] in worksample.toml",
    ),
    Cause(
        r"java\.net\.UnknownHostException: ((?:db|database|postgres|pg|mysql|mariadb)[\w.-]*)",
        "the host {found} of the database exists only in a network of containers: leave the "
        "address to SPRING_DATASOURCE_URL, which is set, or map your names in worksample.toml: "
        '[env] DB_URL = "{postgres.jdbc}"',
    ),
    Cause(
        r"(?:Cannot load driver class:|Failed to load (?:driver )?class) (\S+)",
        "the driver {found} is not among the dependencies: add it to pom.xml with the scope "
        "runtime",
    ),
    Cause(
        r"Unsupported Database: (\S+)|No database found to handle jdbc:(\w+)",
        "Flyway needs a package for {found}: add org.flywaydb:flyway-database-postgresql (or "
        "flyway-mysql) to pom.xml",
    ),
    Cause(
        r"Migration checksum mismatch|Migrations have failed validation",
        "a migration was changed after it had been applied: write a new one instead",
    ),
    Cause(
        r"Found non-empty schema\(s\)[^\n]*",
        "Flyway finds tables that it did not make: let only one of Flyway and "
        "spring.jpa.hibernate.ddl-auto make them",
    ),
    Cause(
        r"Schema[ -]validation: missing table \[([^\]\n]{1,100})\]",
        "the table {found} is missing: add it to a migration (Flyway, Liquibase)",
    ),
    Cause(
        r"Connection is not available, request timed out after \d+ms \(total=1, active=1",
        "the pool has one connection only, and the migration holds it: "
        "spring.datasource.hikari.maximum-pool-size must be 2 at least",
    ),
    Cause(
        r"Public Key Retrieval is not allowed",
        "Connector/J must be allowed to ask for the server's key: allowPublicKeyRetrieval=true in "
        "the URL of the database",
    ),
    Cause(
        r"required a bean of type '([^']{1,200})' that could not be found",
        "Spring has no bean of the type {found}: annotate its class (@Service, @Repository, "
        "@Component) and keep it below the package of the class with @SpringBootApplication",
    ),
    Cause(
        r"The dependencies of some of the beans[^\n]*form a cycle",
        "beans need each other in a circle, which the log shows: let one of them need less",
    ),
    Cause(
        r"Web server failed to start\. Port (\d+) was already in use",
        "the server listens on port {found}, which is in use: leave the port to SERVER_PORT, which "
        "is set",
    ),
    Cause(
        r"Unable to determine Dialect without JDBC metadata",
        "Hibernate could not connect to the database at the start: the cause stands further up in "
        "the log",
        vague=True,
    ),
    Cause(
        r"APPLICATION FAILED TO START\s+\*+\s+Description:\s+([^\n]{1,300})",
        "{found}",
        vague=True,
    ),
)
