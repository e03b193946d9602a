"""The packages through which programs use MySQL or MariaDB."""

from __future__ import annotations

DRIVERS = (
    *("PyMySQL", "mysqlclient", "aiomysql", "asyncmy", "mysql-connector-python", "mariadb"),
    *("mysql", "mysql2"),
    "github.com/go-sql-driver/mysql",
    *("mysql-connector-j", "mysql-connector-java", "mariadb-java-client"),
    *("MySqlConnector", "MySql.Data", "MySql.EntityFrameworkCore"),
    "Pomelo.EntityFrameworkCore.MySql",
)
