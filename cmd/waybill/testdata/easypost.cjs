// EasyPost's own Node client, with nothing changed but the address. It goes through what a seller does and fails loudly.
// BASE is the address, KEY a key for tests, HOOK where webhooks go to.
const assert = require("node:assert/strict");
const imported = require("@easypost/api");
const EasyPost = imported.default ?? imported;

async function main() {
  const { BASE, KEY, HOOK } = process.env;
  const client = new EasyPost(KEY, { baseUrl: BASE });

  const hook = await client.Webhook.create({ url: HOOK, webhook_secret: "sécret", custom_headers: [{ name: "X-Shop", value: "node" }] });
  assert.match(hook.id, /^hook_/);
  assert.equal((await client.Webhook.all()).webhooks.length, 1);
  assert.equal((await client.Webhook.update(hook.id, { webhook_secret: "sécret" })).custom_headers[0].value, "node");
  assert.equal((await client.Webhook.retrieve(hook.id)).url, HOOK);

  const made = [];
  for (const code of ["EZ1000000001", "EZ2000000002", "EZ4000000004"]) {
    made.unshift(await client.Tracker.create({ tracking_code: code, carrier: "USPS" }));
  }
  const delivered = await client.Tracker.retrieve(made[0].id);
  assert.equal(delivered.status, "delivered");
  assert.equal(delivered.mode, "test");
  assert.equal(delivered.tracking_details.at(-1).tracking_location.city, "San Francisco");

  const first = await client.Tracker.all({ page_size: 2 });
  assert.deepEqual(first.trackers.map((t) => t.id), made.slice(0, 2).map((t) => t.id));
  const next = await client.Tracker.getNextPage(first);
  assert.deepEqual(next.trackers.map((t) => t.id), [made[2].id]);
  await assert.rejects(client.Tracker.getNextPage(next));
  assert.equal((await client.Tracker.retrieveBatch({ tracking_codes: ["EZ1000000001", "EZ4000000004"] })).trackers.length, 2);

  await client.Tracker.delete(made[2].id);
  await assert.rejects(client.Tracker.retrieve(made[2].id), (e) => e.code === "NOT_FOUND" && e.statusCode === 404);
  await assert.rejects(client.Tracker.create({ tracking_code: "A1", carrier: "Pigeon" }), (e) => e.errors[0].field === "tracker.carrier");

  // An event is made by the worker that tells it, a moment after the tracker; whoever runs this sets an end to waiting.
  let events;
  do {
    events = await client.Event.all({ page_size: 1 });
  } while (events.events.length === 0);
  assert.equal((await client.Event.retrieve(events.events[0].id)).object, "Event");
  await client.Event.retrieveAllPayloads(events.events[0].id);
  await client.Webhook.delete(hook.id);
}

main().catch((e) => { console.error(e); process.exit(1); });
