// Package auth holds what proves who somebody is: passwords and tokens.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// costs of a hash are stored with it, so that they can be raised without locking anyone out.
type costs struct {
	memoryKiB uint32
	passes    uint32
	lanes     uint8
}

// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
var today = costs{memoryKiB: 19 * 1024, passes: 2, lanes: 1}

const (
	saltBytes = 16
	keyBytes  = 32
)

var b64 = base64.RawStdEncoding

// hash is a password as it is stored, in the PHC format.
type hash struct {
	costs
	salt, key []byte
}

func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.memoryKiB, h.passes, h.lanes, b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

var errNoHash = errors.New("a stored password is not an Argon2id hash")

func parse(stored string) (hash, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errNoHash
	}
	var h hash
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memoryKiB, &h.passes, &h.lanes)
	if err != nil || h.passes < 1 || h.lanes < 1 {
		return hash{}, errNoHash
	}
	if h.salt, err = b64.DecodeString(parts[4]); err != nil {
		return hash{}, errNoHash
	}
	if h.key, err = b64.DecodeString(parts[5]); err != nil || len(h.key) == 0 {
		return hash{}, errNoHash
	}
	return h, nil
}

// Passwords hashes and verifies, at most as many at a time as there are processors; the others
// wait in line, so that a rush of sign-ins does not fill the memory.
type Passwords struct {
	places chan struct{}
}

// NewPasswords returns a hasher for the whole server.
func NewPasswords() *Passwords {
	return &Passwords{places: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Hash returns a salted hash of the password.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	h := hash{costs: today, salt: make([]byte, saltBytes)}
	rand.Read(h.salt) // never fails
	var err error
	if h.key, err = p.derive(ctx, password, h, keyBytes); err != nil {
		return "", err
	}
	return h.String(), nil
}

// Verify compares. With an empty hash, of an account that is not there, it takes just as long
// and is never right (S7).
func (p *Passwords) Verify(ctx context.Context, stored, password string) (bool, error) {
	if stored == "" {
		nobody := hash{costs: today, salt: make([]byte, saltBytes)}
		_, err := p.derive(ctx, password, nobody, keyBytes)
		return false, err
	}
	h, err := parse(stored)
	if err != nil {
		return false, err
	}
	key, err := p.derive(ctx, password, h, uint32(len(h.key)))
	return err == nil && subtle.ConstantTimeCompare(h.key, key) == 1, err
}

func (p *Passwords) derive(ctx context.Context, password string, h hash, length uint32) ([]byte, error) {
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memoryKiB, h.lanes, length), nil
}
