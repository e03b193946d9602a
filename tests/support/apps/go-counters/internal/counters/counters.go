// Package counters holds numbers with names.
package counters

import (
	"maps"
	"sync"
)

// Counters are numbers with names.
type Counters struct {
	mu     sync.Mutex
	values map[string]int
}

// New returns no counters.
func New() *Counters {
	return &Counters{values: map[string]int{}}
}

// Make adds a counter; it returns false if the name is taken.
func (c *Counters) Make(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, taken := c.values[name]; taken {
		return false
	}
	c.values[name] = 0
	return true
}

// Up counts up by one.
func (c *Counters) Up(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.values[name]; ok {
		c.values[name]++
	}
}

// Get returns the value of a counter, and whether there is one.
func (c *Counters) Get(name string) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, ok := c.values[name]
	return value, ok
}

// List returns all counters.
func (c *Counters) List() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.values)
}
