// Reads all sections over WebSocket and prints what it saw; when its gateway dies it resumes on another one.
//
// Usage: node read.mjs URL,URL GROUPS READY PROGRESS
//   GROUPS    a file with one group per line
//   READY     a file to make once all are joined
//   PROGRESS  a file that holds the number of messages seen so far
// The digest is SHA-256 over the lines `<position> <group> <package>` in the order of arrival.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const END = "debian/_end";
const [urlList, groupsFile, readyFile, progressFile] = process.argv.slice(2);
const urls = urlList.split(",");
const groups = readFileSync(groupsFile, "utf8").split("\n").filter((line) => line);

const digest = createHash("sha256");
const counts = {};
const gateways = [];
let total = 0;
let session = null; // what connect answered
let unanswered = 0;
let at = {}; // the newest position seen, by domain
let resumes = 0;
let attempts = 0;
let done = false;

/** The domain of a position: all before its last two colons. */
const domainOf = (position) => position.split(":").slice(0, -2).join(":");

function fail(why) {
  console.error(why);
  process.exit(1);
}

function open() {
  if (++attempts > 100) fail("no gateway answers");
  const socket = new WebSocket(urls[attempts % urls.length === 1 || urls.length === 1 ? 0 : 1], ["convene.v1.json"]);
  const send = (frame) => socket.send(JSON.stringify(frame));
  socket.onopen = () => {
    if (session === null) {
      send({ id: 1, connect: { name: "reader-node" } });
    } else {
      send({ id: 1, resume: { session: session.session, token: session.token, at: Object.values(at) } });
    }
  };
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    for (const push of frame.batch ?? [frame]) take(push, send, socket);
  };
  // A connection that could not be made gives an error, and in some versions of Node nothing else.
  let lost = false;
  const again = () => {
    if (!done && !lost) setTimeout(open, 100);
    lost = true;
  };
  socket.onerror = again;
  socket.onclose = (event) => {
    if (!done && event.code >= 4500) fail(`closed for good: ${event.code} ${event.reason}`);
    again();
  };
}

function take(push, send, socket) {
  if (push.error) {
    if (push.id === 1 && session !== null && push.error.temporary) {
      socket.close();
      return;
    }
    fail(`refused: ${JSON.stringify(push)}`);
  }
  if (push.id === 1) {
    if (session === null) {
      session = push.ok;
      groups.forEach((group, number) => send({ id: number + 2, join: { group } }));
      unanswered = groups.length;
    } else if (push.ok.recovered !== true) {
      fail("the session could not be recovered");
    } else {
      resumes++;
    }
    gateways.push(push.ok.gateway);
    attempts = 0;
  } else if (push.id !== undefined) {
    if (--unanswered === 0) writeFileSync(readyFile, "");
  } else {
    const body = push.message ?? push.view;
    if (body?.at) at[domainOf(body.at)] = body.at;
    if (push.message) message(push.message, socket);
  }
}

function message(message, socket) {
  const group = message.groups[0];
  if (group === END) {
    done = true;
    const sections = Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
    console.log(
      JSON.stringify({ total, resumes, gateways, sections, digest: digest.digest("hex"), announced: message.body.total }));
    socket.close();
    return;
  }
  const section = group.slice(group.indexOf("/") + 1);
  counts[section] = (counts[section] ?? 0) + 1;
  total++;
  digest.update(`${message.at} ${group} ${message.body.package}\n`);
  if (total % 500 === 0) writeFileSync(progressFile, String(total));
}

open();
