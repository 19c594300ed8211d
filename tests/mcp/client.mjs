// Asks `gardener mcp` with the protocol's own client: node client.mjs GARDENER DATABASE
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [gardener, database] = process.argv.slice(2);
const client = new Client({ name: "test", version: "1" });
await client.connect(new StdioClientTransport({ command: gardener, args: ["mcp", "--db", database] }));
const { tools } = await client.listTools();
const answer = await client.callTool({ name: "sql", arguments: { query: "select count(*) from entries" } });
const count = answer.content[0].text.match(/^\d+$/m)[0];
console.log(`${tools.length} tools, ${count} entries`);
await client.close();
