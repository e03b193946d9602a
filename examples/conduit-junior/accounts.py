from fastapi import APIRouter

import db
from errors import ApiError
from models import LoginBody, NewUserBody, UserUpdateBody
from security import Me, Visitor, check_password, hash_password, new_token

router = APIRouter()


def account(user, token):
    fields = {name: user[name] for name in ("username", "email", "bio", "image")}
    return {"user": {**fields, "token": token}}


def check_not_taken(field, value, my_id=0):
    if db.one(f"SELECT 1 FROM users WHERE {field} = %s AND id <> %s", value, my_id):
        raise ApiError(422, field, "has already been taken")


@router.post("/users", status_code=201)
def register(body: NewUserBody):
    new = body.user
    check_not_taken("username", new.username)
    check_not_taken("email", new.email)
    user = db.one(
        "INSERT INTO users (username, email, password_hash) VALUES (%s, %s, %s) RETURNING *",
        new.username,
        new.email,
        hash_password(new.password),
    )
    return account(user, new_token(user["id"]))


@router.post("/users/login")
def login(body: LoginBody):
    user = db.one("SELECT * FROM users WHERE email = %s", body.user.email)
    if user is None or not check_password(body.user.password, user["password_hash"]):
        raise ApiError(401, "email or password", "is wrong")
    return account(user, new_token(user["id"]))


@router.get("/user")
def current_user(me: Me):
    return account(me, me["token"])


@router.put("/user")
def update_user(body: UserUpdateBody, me: Me):
    new = body.user
    if new.username is not None:
        check_not_taken("username", new.username, me["id"])
    if new.email is not None:
        check_not_taken("email", new.email, me["id"])
    user = db.one(
        """
        UPDATE users SET username = %s, email = %s, password_hash = %s, bio = %s, image = %s
        WHERE id = %s RETURNING *
        """,
        new.username or me["username"],
        new.email or me["email"],
        hash_password(new.password) if new.password else me["password_hash"],
        new.bio,
        new.image,
        me["id"],
    )
    return account(user, me["token"])


def is_following(visitor, user_id):
    if visitor is None:
        return False
    sql = "SELECT 1 FROM follows WHERE follower_id = %s AND followed_id = %s"
    return db.one(sql, visitor["id"], user_id) is not None


def profile(user, visitor):
    fields = {name: user[name] for name in ("username", "bio", "image")}
    return {**fields, "following": is_following(visitor, user["id"])}


def find_user(username):
    user = db.one("SELECT * FROM users WHERE username = %s", username)
    if user is None:
        raise ApiError(404, "profile", "does not exist")
    return user


# :path because a username may have a / in it. These two have to come first then.
@router.post("/profiles/{username:path}/follow")
def follow(username: str, me: Me):
    user = find_user(username)
    if user["id"] == me["id"]:
        raise ApiError(422, "username", "is your own")
    db.run("INSERT INTO follows VALUES (%s, %s) ON CONFLICT DO NOTHING", me["id"], user["id"])
    return {"profile": profile(user, me)}


@router.delete("/profiles/{username:path}/follow")
def unfollow(username: str, me: Me):
    user = find_user(username)
    sql = "DELETE FROM follows WHERE follower_id = %s AND followed_id = %s"
    db.run(sql, me["id"], user["id"])
    return {"profile": profile(user, me)}


@router.get("/profiles/{username:path}")
def get_profile(username: str, visitor: Visitor):
    return {"profile": profile(find_user(username), visitor)}
