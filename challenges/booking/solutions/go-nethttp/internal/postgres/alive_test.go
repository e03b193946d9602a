package postgres

import (
	"net"
	"testing"
)

func TestConnectionIsAliveUntilTheServerHangsUp(t *testing.T) {
	client, server := connected(t)
	if !isAlive(client) {
		t.Error("an idle connection is taken for dead")
	}
	server.Close()
	if _, err := client.Read(make([]byte, 1)); err == nil {
		t.Fatal("the server still talks")
	}
	if isAlive(client) {
		t.Error("a dead connection is taken for alive")
	}
}

// pgx reads in the background when it cannot send at once, and may still do so when it is done.
func TestLookingDoesNotWaitForAPendingRead(t *testing.T) {
	client, server := connected(t)
	begun, read := make(chan struct{}), make(chan error)
	go func() {
		close(begun)
		_, err := client.Read(make([]byte, 1))
		read <- err
	}()
	<-begun
	for range 1000 {
		if !isAlive(client) {
			t.Fatal("a connection with a pending read is taken for dead")
		}
	}
	server.Close()
	<-read
}

func connected(t *testing.T) (client, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		server.Close()
	})
	return client, server
}
