// Express: an order from memory, and one by SQL.
import express from "express";
import { order, findOrder, port } from "./orders.js";

const app = express();
app.get("/ready", (request, response) => response.send("ready"));
app.get("/bare/:id", (request, response) => response.json(order));
app.get("/v2/orders/:id", (request, response) => {
  const found = findOrder(request.params.id);
  if (found === undefined) return response.status(404).json({ detail: "No such order" });
  return response.json(found);
});
app.listen(port, "127.0.0.1");
