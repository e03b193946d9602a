package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"booking/internal/postgres"
)

const (
	lifetime      = 7 * 24 * time.Hour
	maxTokenBytes = 1024
)

// The one algorithm that is accepted, whatever a token says of itself (RFC 8725, section 3.1).
const algorithm = "HS256"

const header = `{"alg":"` + algorithm + `","typ":"JWT"}`

var encoding = base64.RawURLEncoding.Strict()

// Tokens issues and reads JSON Web Tokens, signed with HMAC-SHA256.
type Tokens struct {
	secret []byte
	now    func() time.Time
}

// NewTokens returns tokens that are signed with this secret.
func NewTokens(secret string) *Tokens {
	return &Tokens{secret: []byte(secret), now: time.Now}
}

type payload struct {
	Subject string `json:"sub"`
	Expires *int64 `json:"exp"`
}

// Issue returns a token of this account for seven days.
func (t *Tokens) Issue(accountID int64) string {
	expires := t.now().Add(lifetime).Unix()
	body, err := json.Marshal(payload{
		Subject: strconv.FormatInt(accountID, 10),
		Expires: &expires,
	})
	if err != nil {
		panic(err) // numbers can always be written
	}
	signed := encoding.EncodeToString([]byte(header)) + "." + encoding.EncodeToString(body)
	return signed + "." + encoding.EncodeToString(t.sign(signed))
}

// Read returns whose token it is; ok is false if it is not ours, altered or expired.
func (t *Tokens) Read(token string) (accountID int64, ok bool) {
	cut := strings.LastIndexByte(token, '.')
	if cut < 0 || len(token) > maxTokenBytes {
		return 0, false
	}
	signed := token[:cut]
	signature, err := encoding.DecodeString(token[cut+1:])
	if err != nil || !hmac.Equal(signature, t.sign(signed)) {
		return 0, false
	}
	head, body, _ := strings.Cut(signed, ".")
	var how struct {
		Algorithm string `json:"alg"`
	}
	if decode(head, &how) != nil || how.Algorithm != algorithm {
		return 0, false
	}
	return t.subject(body)
}

func (t *Tokens) subject(body string) (accountID int64, ok bool) {
	var said payload
	if decode(body, &said) != nil || said.Expires == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(said.Subject, 10, 64)
	if err != nil || t.now().Unix() >= *said.Expires {
		return 0, false
	}
	return id, true
}

func decode(part string, into any) error {
	text, err := encoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func (t *Tokens) sign(text string) []byte {
	mac := hmac.New(sha256.New, t.secret)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// SharedSecret returns the signing key that all copies of the server find in the database. The
// first one makes it; used when JWT_SECRET is not set.
func SharedSecret(ctx context.Context, db *postgres.Pool) (secret string, err error) {
	err = db.Write(ctx, func(ctx context.Context, conn postgres.Conn) error {
		_, err := conn.Exec(ctx,
			"INSERT INTO signing_key (secret) VALUES ($1) ON CONFLICT DO NOTHING",
			rand.Text()+rand.Text())
		if err != nil {
			return err
		}
		return conn.QueryRow(ctx, "SELECT secret FROM signing_key").Scan(&secret)
	})
	return secret, err
}
