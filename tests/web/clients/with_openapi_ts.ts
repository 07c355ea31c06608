// Sends two situations through the client that @hey-api/openapi-ts made.
import { calculate, type Situation } from "./generated";
import { client } from "./generated/client.gen";

async function main(address: string, ...bodies: string[]) {
  client.setConfig({ baseUrl: address });
  const [right, wrong] = bodies.map((body) => JSON.parse(body) as Situation);
  const { data } = await calculate({ body: right });
  const { error } = await calculate({ body: wrong });
  console.log(JSON.stringify([data, error?.error, error?.path]));
}

main(...(process.argv.slice(2) as [string]));
