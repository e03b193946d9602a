import { createServer } from "node:http";

createServer((request, response) => response.end("cart")).listen(process.env.PORT, "127.0.0.1");
