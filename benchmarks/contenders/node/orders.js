// An order from memory, or from the SQLite file, by statements that were prepared once.
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export const port = Number(process.argv[2]);
export const order = JSON.parse(readFileSync(process.env.BENCH_ORDER, "utf8"));

const url = process.env.BENCH_DATABASE_URL;
const database = new DatabaseSync(url.startsWith("sqlite:///") ? url.slice("sqlite:///".length) : ":memory:");
let orders, lines;

export function findOrder(id) {
  orders ??= database.prepare("SELECT * FROM orders WHERE id = ?");
  lines ??= database.prepare("SELECT * FROM order_lines WHERE order_id = ? ORDER BY position");
  const key = id.replaceAll("-", "");
  const row = orders.get(key);
  if (row === undefined) return undefined;
  return {
    id,
    customer_id: dashed(row.customer_id),
    status: row.status,
    reason: row.reason,
    lines: lines.all(key).map((line) => shown(line, row.currency)),
    total: money(row.total_cents, row.currency),
    created_at: moment(row.created_at),
    updated_at: moment(row.updated_at),
    customer: null,
    products: null,
    missing: [],
  };
}

function shown(line, currency) {
  return {
    product_id: dashed(line.product_id),
    quantity: line.quantity,
    name: line.name,
    unit_price: money(line.unit_cents, currency),
    line_total: money(line.unit_cents * line.quantity, currency),
  };
}

function dashed(hex) {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function money(cents, currency) {
  return { amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`, currency };
}

function moment(text) {
  return text.replace(" ", "T").replace(/(\.\d*?)0*$/, "$1").replace(/\.$/, "") + "Z";
}
