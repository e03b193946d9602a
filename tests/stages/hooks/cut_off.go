package main

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strconv"
)

// cutOff answers 404 or 405 to the operations in $CUT_OFF, in any server of net/http.
func cutOff(server *http.Server) *http.Server {
	var operations [][2]string
	var paths []string
	mustRead("CUT_OFF", &operations)
	mustRead("CUT_OFF_KNOWN", &paths)
	next := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		for _, each := range operations {
			if each[0] == method && isPath(each[1], r.URL.Path) {
				refuse(w, r, paths)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
	return server
}

func refuse(w http.ResponseWriter, r *http.Request, known []string) {
	body := `{"errors": {"path": ["not found"]}}`
	status := http.StatusNotFound
	for _, each := range known {
		if isPath(each, r.URL.Path) {
			status = http.StatusMethodNotAllowed
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func isPath(pattern, path string) bool {
	return regexp.MustCompile("^(?:" + pattern + ")$").MatchString(path)
}

func mustRead(name string, into any) {
	if err := json.Unmarshal([]byte(os.Getenv(name)), into); err != nil {
		panic(err)
	}
}
