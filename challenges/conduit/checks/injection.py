"""Injection: input never becomes part of an SQL statement or of a page (S5)."""

from __future__ import annotations

from worksample.checks import Aspect, check, expect

from .world import Conduit, profile_path, segment

CITES = "OWASP API8:2023; OWASP Injection (CWE-89)"
SKILLS = ("security-practices", "relational-databases")
HINT = "Pass values as parameters of the statement; never build SQL from strings."
WHY = "With SQL injection, one search field reads, changes or deletes the whole database."
ALWAYS_TRUE = ("' OR '1'='1", "' OR 1=1 --", '" OR "1"="1', "') OR ('1'='1", "\\' OR 1=1 --")


@check(
    title="Filters treat what they are given as data, not as SQL",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S5",
    why=WHY,
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def filters_are_no_sql(world: Conduit) -> None:
    author = await world.sign_up()
    await author.publish(tagList=[world.unique_name("tag")])
    for name in ("tag", "author", "favorited"):
        for text in ALWAYS_TRUE:
            answer = expect(await author.list(**{name: text})).ok(
                because="a filter that nothing matches gives an empty list"
            )
            expect(answer.at("articlesCount"), f"articlesCount for {name}={text}").equals(0)
            expect(answer.at("articles"), f"the articles for {name}={text}").equals([])


@check(
    title="Nobody signs in with SQL instead of a password",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S5",
    why="It is the oldest attack on a login, and it still works on many servers.",
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def a_login_is_no_sql(world: Conduit) -> None:
    person = await world.sign_up()
    tries = [(f"{person.email}' --", person.password)]
    for text in ALWAYS_TRUE:
        tries += [(f"{person.email}{text}", person.password), (person.email, text)]
    for email, password in tries:
        expect(await world.log_in(email, password)).refused(
            because="no account has this address and password"
        )


@check(
    title="Names and slugs in paths are data, not SQL",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S5",
    why=WHY,
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def paths_are_no_sql(world: Conduit) -> None:
    author = await world.sign_up()
    article = await author.publish()
    for text in ALWAYS_TRUE:
        because = "nothing has this name"
        for path in (
            profile_path(f"nobody{text}"),
            f"/articles/{segment(f'nothing{text}')}",
            f"/articles/{segment(f'nothing{text}')}/comments",
        ):
            answer = await author.ask("GET", path, "sends SQL in the path")
            expect(answer).refused(because=because)
        answer = await author.delete(f"{article.slug}{text}")
        expect(answer).refused(because=because)
    expect(await author.read(article)).ok(
        because="the path names no article, so none may be deleted"
    )


@check(
    title="Paging parameters are numbers, not SQL",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S5",
    why=WHY,
    hint="Parse numbers before you use them, and pass them as parameters too.",
    cites=CITES,
    skills=SKILLS,
)
async def paging_is_no_sql(world: Conduit) -> None:
    author = await world.sign_up()
    for _ in range(3):
        await author.publish()
    for text in ("0 UNION SELECT 1", "(SELECT 1)", "1;SELECT 1", "1 OFFSET 1", "1--"):
        for name in ("limit", "offset"):
            answer = await author.list(author=author.username, **{name: text})
            expect(answer).not_server_error(because="it is refused, or replaced by a number")
            if answer.status == 200:
                expect(answer.at("articlesCount"), f"articlesCount for {name}={text}").equals(3)


@check(
    title="Quotes in texts are stored as they are",
    aspect=Aspect.SECURITY,
    stage=3,
    clause="S5",
    why="Every customer list has an O'Brien, and a quote that breaks a statement is the sign of "
    "one that can be injected.",
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def quotes_are_stored_as_they_are(world: Conduit) -> None:
    author = await world.sign_up()
    text = "O'Brien said \"it's 100% \\ done\"; -- /* really */ $1 %s :name {0} ${x} #{y} 'x''y'"
    article = await author.publish(
        title=text, description=text, body=text, tagList=["o'brien", '"q"']
    )
    await author.add_comment(article, text)
    expect(await author.change(bio=text)).ok()
    seen = await author.sees(article)
    for field in ("title", "description", "body"):
        expect(seen.get(field), field).equals(text)
    expect(seen.get("tagList"), "tagList").equals(["o'brien", '"q"'])
    comments = expect(await author.comments(article)).ok()
    expect(comments.each("comments", "body"), "the comment").equals([text])
    profile = expect(await world.visitor().view_profile(author.username)).ok()
    expect(profile.at("profile", "bio"), "the bio").equals(text)


@check(
    title="Stored markup comes back as data, and as JSON",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S5",
    why="If a browser takes the response for a page, it runs scripts that a stranger wrote. If the "
    "text is “sanitised”, people who write about HTML lose it.",
    cites="OWASP API8:2023 (CWE-79)",
    skills=("security-practices", "api-design"),
)
async def markup_is_data(world: Conduit) -> None:
    author = await world.sign_up()
    word = world.unique_name()
    text = f"<script>alert('{word}')</script><b>&amp;</b> & <img src=x onerror=alert(1)>"
    article = await author.publish(title=text, description=text, body=text)
    comment = await author.add_comment(article, text)
    read = expect(await world.visitor().read(article)).ok()
    for field in ("title", "description", "body"):
        expect(read.at("article", field), field).equals(text)
    expect(comment.shown.get("body"), "the comment").equals(text)
    for answer in (read, await world.visitor().comments(article)):
        kind = answer.response.header("content-type")
        expect(kind.partition(";")[0].strip().lower(), "the content type").equals(
            "application/json"
        )
    expect(article.slug, "the slug").satisfies(
        lambda slug: not set("<>\"'& ") & set(slug), "a slug without markup"
    )
