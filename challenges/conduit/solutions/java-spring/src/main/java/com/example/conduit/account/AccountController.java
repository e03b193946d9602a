package com.example.conduit.account;

import com.example.conduit.auth.Passwords;
import com.example.conduit.auth.Tokens;
import com.example.conduit.web.Form;
import com.example.conduit.web.JsonBody;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class AccountController {

    record UserResponse(User user) {
    }

    record User(String username, String email, String token, String bio, String image) {
    }

    private static final Form.Rule[] USERNAME = { Form.atMost(64), Form::filled };

    private static final Form.Rule[] PASSWORD = { Form.atLeast(8), Form.atMost(64), Form::filled };

    private static final Form.Rule[] EMAIL = { text -> Form.atMost(254).problem(text.strip()),
            AccountController::address };

    private final AccountService accounts;

    private final Passwords passwords;

    private final Tokens tokens;

    AccountController(AccountService accounts, Passwords passwords, Tokens tokens) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.tokens = tokens;
    }

    @PostMapping("/users")
    @ResponseStatus(HttpStatus.CREATED)
    UserResponse register(@JsonBody("user") Form form) {
        String username = form.text("username", USERNAME);
        String email = form.text("email", EMAIL).strip();
        String password = form.text("password", PASSWORD);
        form.check();
        return response(accounts.register(username, email, password));
    }

    @PostMapping("/users/login")
    UserResponse login(@JsonBody("user") Form form) {
        String email = form.text("email");
        String password = form.text("password");
        form.check();
        return response(accounts.login(email, password));
    }

    @GetMapping("/user")
    UserResponse current(Account me) {
        return response(me);
    }

    @PutMapping("/user")
    UserResponse update(Account me, @JsonBody("user") Form form) {
        String username = form.optionalText("username", USERNAME);
        String email = form.optionalText("email", EMAIL);
        String password = form.optionalText("password", PASSWORD);
        var bio = form.clearableText("bio");
        var image = form.clearableText("image");
        form.check();
        String hash = password == null ? null : passwords.hash(password);
        AccountChange change = new AccountChange(username, email == null ? null : email.strip(), hash, bio, image);
        return response(accounts.update(me, change));
    }

    private UserResponse response(Account account) {
        String token = tokens.issue(new Tokens.Claims(account.id(), account.tokenVersion()));
        return new UserResponse(new User(account.username(), account.email(), token, account.bio(),
                account.image()));
    }

    private static String address(String text) {
        int at = text.lastIndexOf('@');
        boolean complete = at > 0 && !text.substring(0, at).isBlank() && !text.substring(at + 1).isBlank();
        return complete ? null : "needs an @ with something on both sides";
    }
}
