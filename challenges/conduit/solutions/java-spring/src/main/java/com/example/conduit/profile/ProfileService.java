package com.example.conduit.profile;

import com.example.conduit.database.Retry;
import com.example.conduit.web.Refusal;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** People as others see them, and who follows whom (P1 to P3). */
@Service
@Retryable(predicate = Retry.class, maxRetries = 4, delay = 20, jitter = 20)
public class ProfileService {

    private final ProfileRepository profiles;

    ProfileService(ProfileRepository profiles) {
        this.profiles = profiles;
    }

    public Profile see(String username, Long viewer) {
        return person(username, viewer).profile();
    }

    @Transactional
    public Profile follow(String username, long viewer) {
        ProfileRepository.Person person = person(username, viewer);
        if (person.id() == viewer) {
            throw Refusal.invalid("username", "is your own: nobody follows themselves");
        }
        profiles.follow(viewer, person.id());
        return following(person.profile(), true);
    }

    @Transactional
    public Profile unfollow(String username, long viewer) {
        ProfileRepository.Person person = person(username, viewer);
        profiles.unfollow(viewer, person.id());
        return following(person.profile(), false);
    }

    private ProfileRepository.Person person(String username, Long viewer) {
        return profiles.find(username, viewer).orElseThrow(() -> Refusal.missing("profile"));
    }

    private static Profile following(Profile profile, boolean following) {
        return new Profile(profile.username(), profile.bio(), profile.image(), following);
    }
}
