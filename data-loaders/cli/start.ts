import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import sirv from "sirv";
import {buildSite} from "../pipeline/build.js";
import {OptionError} from "../pipeline/optionError.js";
import {terminalProgress} from "../pipeline/progress.js";
import {buildArguments} from "./buildArguments.js";
import {explained} from "./explained.js";

/** Ports tried, in order, before any free one is taken. */
const PORTS = [3000, 3001, 3002, 3003, 0];

await explained(async () => {
  const {output, title, synthetic, n} = await buildSite({
    ...buildArguments(process.argv.slice(2)),
    study: process.env.STUDY,
    progress: terminalProgress(process.stdout)
  });
  const server = createServer(sirv(output, {etag: true}));
  const wanted = process.env.PORT ? [Number(process.env.PORT)] : PORTS;
  const port = await listen(server, wanted);
  console.log(
    `\n${title}\n${n} patients${synthetic ? ", all synthetic" : ""}\n\nOpen http://localhost:${port}/   (stop with Ctrl+C)`
  );
});

async function listen(server: ReturnType<typeof createServer>, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    const taken = await new Promise<NodeJS.ErrnoException | null>((answer) => {
      server.once("error", answer);
      server.listen(port, "127.0.0.1", () => answer(null));
    });
    if (!taken) return (server.address() as AddressInfo).port;
    if (taken.code !== "EADDRINUSE") throw taken;
  }
  throw new OptionError(`Port ${ports.join(", ")} is taken. Name a free one: PORT=8080 npm start`);
}
