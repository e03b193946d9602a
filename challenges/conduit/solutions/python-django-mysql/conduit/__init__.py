"""Conduit: a place for people who write."""

import pymysql

# Django asks for mysqlclient by this name; it has to be compiled with MySQL's libraries.
pymysql.install_as_MySQLdb()
