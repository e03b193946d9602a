// A server of counters, kept in memory.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"example.com/counters/internal/counters"
)

type counter struct {
	Name  string `json:"name"`
	Value int    `json:"value"`
}

func main() {
	all := counters.New()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /counters", func(w http.ResponseWriter, r *http.Request) {
		var sent struct {
			Counter struct {
				Name *string `json:"name"`
			} `json:"counter"`
		}
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || sent.Counter.Name == nil {
			reply(w, http.StatusUnprocessableEntity, map[string]string{"error": "a name is text"})
			return
		}
		if !all.Make(*sent.Counter.Name) {
			reply(w, http.StatusUnprocessableEntity, map[string]string{"error": "the name is taken"})
			return
		}
		one(w, http.StatusCreated, all, *sent.Counter.Name)
	})
	mux.HandleFunc("GET /counters", func(w http.ResponseWriter, r *http.Request) {
		listed := []counter{}
		for name, value := range all.List() {
			listed = append(listed, counter{name, value})
		}
		reply(w, http.StatusOK, map[string]any{"counters": listed})
	})
	mux.HandleFunc("GET /counters/{name}", func(w http.ResponseWriter, r *http.Request) {
		one(w, http.StatusOK, all, r.PathValue("name"))
	})
	mux.HandleFunc("POST /counters/{name}/up", func(w http.ResponseWriter, r *http.Request) {
		all.Up(r.PathValue("name"))
		one(w, http.StatusOK, all, r.PathValue("name"))
	})
	server := &http.Server{Addr: net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")), Handler: mux}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	done := make(chan error)
	go func() {
		<-ctx.Done()
		done <- server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	if err := <-done; err != nil {
		log.Fatal(err)
	}
}

func one(w http.ResponseWriter, status int, all *counters.Counters, name string) {
	value, ok := all.Get(name)
	if !ok {
		reply(w, http.StatusNotFound, map[string]string{"error": "nothing is here"})
		return
	}
	reply(w, status, map[string]counter{"counter": {name, value}})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}
