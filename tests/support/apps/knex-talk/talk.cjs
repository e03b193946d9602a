// What Knex and node-postgres get from the database at the address given, as one line of JSON.
const makeKnex = require("knex");

async function talk(knex) {
  const found = [];
  await knex.schema.dropTableIfExists("entry");
  await knex.schema.createTable("entry", (table) => {
    table.increments("id");
    table.string("name").notNullable().unique();
    table.integer("count").notNullable().defaultTo(0);
  });
  found.push(await knex("entry").insert([{ name: "ada" }, { name: "bob" }]).returning("*"));
  await knex.batchInsert("entry", [...Array(30).keys()].map((n) => ({ name: `n${n}` })), 10);
  await knex.transaction(async (trx) => {
    const row = await trx("entry").where({ name: "ada" }).forUpdate().first();
    await trx("entry").where({ id: row.id }).update({ count: row.count + 1 });
  });
  await knex
    .transaction(async (trx) => {
      await trx("entry").where({ name: "bob" }).update({ count: 99 });
      await trx("entry").insert({ name: "ada" });
    })
    .catch((error) => found.push([error.code, error.constraint]));
  const counted = [...Array(20).keys()].map(() =>
    knex("entry").where({ name: "bob" }).increment("count", 1),
  );
  await Promise.all(counted);
  await knex("nowhere").select().catch((error) => found.push([error.code]));
  const streamed = [];
  for await (const row of knex("entry").where("id", ">", 25).orderBy("id").stream()) {
    streamed.push(row.name);
  }
  found.push(streamed, await knex("entry").orderBy("id").limit(3));
  found.push((await knex.raw("select ?::int + 1 as sum", [41])).rows);
  return found;
}

async function main() {
  const knex = makeKnex({
    client: "pg",
    connection: process.argv[2],
    pool: { min: 0, max: 4 },
  });
  try {
    console.log(JSON.stringify(await talk(knex)));
  } finally {
    await knex.destroy();
  }
}

main();
