package Counters;
use strict;
use warnings;

# Counters by name, in memory.
sub new { return bless {}, shift }

sub make {
    my ($self, $name) = @_;
    return if exists $self->{$name};
    return $self->{$name} = 0;
}

sub up {
    my ($self, $name) = @_;
    return if !exists $self->{$name};
    return ++$self->{$name};
}

1;
