#!/usr/bin/env perl
# A server of counters: one process, many connections that are kept alive.
use strict;
use warnings;
use Counters;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;

my $json = JSON::PP->new->canonical->utf8;
my $counters = Counters->new;
my $listener = IO::Socket::INET->new(
    LocalAddr => $ENV{LISTEN}, Listen => 128, ReuseAddr => 1
) or die "cannot listen: $!";
my $select = IO::Select->new($listener);
my %received;
$| = 1;
local $SIG{PIPE} = 'IGNORE';
local $SIG{TERM} = sub { exit 0 };

while (my @ready = $select->can_read) {
    for my $socket (@ready) {
        if ($socket == $listener) {
            my $new = $listener->accept or next;
            $select->add($new);
            $received{$new} = '';
        }
        elsif (sysread $socket, my $data, 65536) {
            $received{$socket} .= $data;
            answer_all($socket);
        }
        else {
            delete $received{$socket};
            $select->remove($socket);
            close $socket;
        }
    }
}

sub answer_all {
    my ($socket) = @_;
    while ($received{$socket} =~ /\A(.*?)\r\n\r\n/s) {
        my ($head, $start) = ($1, $+[0]);
        my $length = $head =~ /^content-length:\s*(\d+)/im ? $1 : 0;
        return if length($received{$socket}) < $start + $length;
        my $body = substr $received{$socket}, $start, $length;
        substr $received{$socket}, 0, $start + $length, '';
        my ($status, $content) = reply($head, $body);
        my $text = $json->encode($content);
        print {$socket} "HTTP/1.1 $status x\r\nContent-Type: application/json\r\nContent-Length: ",
            length $text, "\r\n\r\n", $text;
        $socket->flush;
    }
    return;
}

sub reply {
    my ($head, $body) = @_;
    my ($method, $path) = $head =~ m{\A(\w+) (/[^ ?]*)};
    if ($method eq 'POST' && $path eq '/counters') {
        my $sent = eval { $json->decode($body) };
        my $name = ref $sent eq 'HASH' && ref $sent->{counter} eq 'HASH' ? $sent->{counter}{name} : undef;
        return 422, { error => 'a name is text' } if $body !~ /"name"\s*:\s*"/ || !defined $name;
        my $value = $counters->make($name);
        return defined $value ? (201, one($name)) : (422, { error => 'the name is taken' });
    }
    return 200, { counters => [ map { one($_)->{counter} } sort keys %$counters ] }
        if $method eq 'GET' && $path eq '/counters';
    if ($path =~ m{\A/counters/([^/]+)(/up)?\z} && exists $counters->{$1}) {
        my ($name, $up) = ($1, $2);
        $counters->up($name) if $up;
        return 200, one($name);
    }
    return 404, { error => 'nothing is here' };
}

sub one { return { counter => { name => $_[0], value => $counters->{ $_[0] } } } }
