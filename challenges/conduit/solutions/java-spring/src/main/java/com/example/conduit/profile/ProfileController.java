package com.example.conduit.profile;

import com.example.conduit.account.Account;
import com.example.conduit.web.Viewer;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/profiles/{username}")
class ProfileController {

    record ProfileResponse(Profile profile) {
    }

    private final ProfileService profiles;

    ProfileController(ProfileService profiles) {
        this.profiles = profiles;
    }

    @GetMapping
    ProfileResponse see(@PathVariable String username, Viewer viewer) {
        return new ProfileResponse(profiles.see(username, viewer.id()));
    }

    @PostMapping("/follow")
    ProfileResponse follow(@PathVariable String username, Account me) {
        return new ProfileResponse(profiles.follow(username, me.id()));
    }

    @DeleteMapping("/follow")
    ProfileResponse unfollow(@PathVariable String username, Account me) {
        return new ProfileResponse(profiles.unfollow(username, me.id()));
    }
}
