// Uses mysql2 in every way that sends other commands, and prints what it got as JSON.
const mysql = require("mysql2/promise");

async function code(promise) {
  return promise.then(() => "", (error) => error.errno);
}

async function main() {
  const found = [];
  const pool = mysql.createPool({ uri: process.argv[2], connectionLimit: 2, multipleStatements: true });
  await pool.query("DROP TABLE IF EXISTS note");
  await pool.query("CREATE TABLE note (id int PRIMARY KEY AUTO_INCREMENT, text varchar(100) UNIQUE, n int)");
  const here = await pool.getConnection();
  await here.beginTransaction();
  for (let n = 0; n < 3; n++) {
    const [made] = await here.execute("INSERT INTO note (text, n) VALUES (?, ?)", [`note ${n}`, n]);
    found.push(made.insertId, made.affectedRows);
  }
  const [rows] = await here.execute("SELECT * FROM note WHERE n > ? FOR UPDATE", [0]);
  found.push(rows);
  await here.commit();
  await here.beginTransaction();
  found.push(await code(here.execute("INSERT INTO note (text, n) VALUES (?, ?)", ["note 1", 1])));
  found.push(await code(here.query("SELECT nothing")));
  await here.rollback();
  found.push((await here.query("SELECT 1 AS a; UPDATE note SET n = 5; SELECT count(*) AS c FROM note"))[0].map(
    (each) => each.affectedRows ?? each,
  ));
  await here.ping();
  await here.connection.promise().query("SELECT 2");
  await new Promise((done, failed) => here.connection.reset((error) => (error ? failed(error) : done())));
  found.push((await here.query("SELECT text FROM note ORDER BY id"))[0]);
  here.release();
  found.push((await Promise.all([1, 2, 3, 4].map((n) => pool.execute("SELECT ? + 1 AS next", [n])))).map(([r]) => r));
  const stream = pool.pool.query("SELECT seq FROM seq_1_to_500").stream();
  let sum = 0;
  for await (const row of stream) sum += row.seq;
  found.push(sum);
  await pool.end();
  process.stdout.write(JSON.stringify(found));
}

main();
