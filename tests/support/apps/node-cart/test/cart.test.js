import assert from "node:assert";
import test, { describe, it } from "node:test";
import word from "tinyword";
import { total } from "../cart.js";

describe("total", () => {
  it("of one", () => assert.equal(total([[2.5, 1]]), 2.5));
  it("of many", () => assert.equal(total([[2.5, 2]]), 5, "cheap \u001b[31m</testsuite>"));
});
test("word", () => assert.equal(word, "tiny"));
test("environment", () => assert.equal(process.env.NODE_ENV, "test"));
test("discount", { skip: "no discounts yet" }, () => {});
