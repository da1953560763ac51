// Fastify: an order from memory, and one by SQL, both with the response schema that makes it fast.
import Fastify from "fastify";
import { order, findOrder, port } from "./orders.js";

const text = { type: "string" };
const maybe = { type: ["string", "null"] };
const money = { type: ["object", "null"], properties: { amount: text, currency: text } };
const line = {
  type: "object",
  properties: { product_id: text, quantity: { type: "integer" }, name: maybe, unit_price: money, line_total: money },
};
const schema = {
  response: {
    200: {
      type: "object",
      properties: {
        id: text, customer_id: text, status: text, reason: maybe, lines: { type: "array", items: line }, total: money,
        created_at: text, updated_at: text, customer: { type: "null" }, products: { type: "null" },
        missing: { type: "array", items: text },
      },
    },
  },
};

const app = Fastify();
app.get("/ready", async () => "ready");
app.get("/bare/:id", { schema }, async () => order);
app.get("/v2/orders/:id", { schema }, async (request, reply) => {
  const found = findOrder(request.params.id);
  return found === undefined ? reply.code(404).send({}) : found;
});
app.listen({ port, host: "127.0.0.1" });
