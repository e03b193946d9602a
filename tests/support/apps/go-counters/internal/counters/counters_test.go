package counters

import "testing"

func TestStartsAtZero(t *testing.T) {
	all := New()
	all.Make("x")
	if value, ok := all.Get("x"); value != 0 || !ok {
		t.Fatal("not zero")
	}
}

func TestUp(t *testing.T) {
	for _, each := range []struct {
		name string
		want int
	}{{"adds one", 1}, {"adds two", 2}} {
		t.Run(each.name, func(t *testing.T) {
			all := New()
			all.Make("x")
			all.Up("x")
			if got, _ := all.Get("x"); got != each.want {
				t.Errorf("got %d, want %d", got, each.want)
			}
		})
	}
}

func TestLater(t *testing.T) {
	t.Skip("not decided")
}
