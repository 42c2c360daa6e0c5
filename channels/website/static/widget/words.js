/** Every fixed string of the chat. A page overrides any of them with
 *  <script type="application/json" id="clinic-chat-words">{"launcher": "Ask us"}</script>. */
const WORDS = {
  launcher: "Ask a question",
  launcherAgain: "Back to your chat",
  launcherNew: "{count} new",
  region: "Chat",
  clinic: "the clinic",
  assistant: "Automated assistant",
  close: "Close the chat",
  messages: "Messages",
  greeting: "You are writing to an automated assistant, not to a person.",

  label: "Your message",
  placeholder: "Write your question",
  send: "Send",
  health: "Please share only the health details your question needs.",
  tooLong: "That is {over} characters more than the {limit} we can take at once. Could you shorten it a little?",
  nearlyFull: "{left} characters left",

  you: "You",
  bot: "Assistant",
  person: "From the clinic",
  typing: "The assistant is writing",
  sending: "Sending",
  waiting: "Not sent yet. Trying again",
  sent: "Sent",
  failed: "Not sent",
  refusedSize: "This was too long to send. Could you shorten it?",
  refusedText: "We couldn’t read this message. Could you write it another way?",
  slow: "Many messages at once. This one goes off in a moment",
  edit: "Change it",
  newBelow: "New message",
  choose: "Choose one",
  chosen: "your choice",
  dislike: "Not helpful",
  disliked: "Noted. Thank you.",

  safety: "For your safety",
  handoff: "Passed to the clinic’s team",
  source: "Where this comes from",
  sourceLink: "Read it on the page",
  newTab: "(opens in a new tab)",

  down: "The chat can’t be reached just now. Your message stays here and is sent when it comes back.",
  downEmpty: "The chat can’t be reached just now. We keep trying.",
  reach: "You can also reach us here:",
  or: "or",
  back: "The chat is back.",
  tryNow: "Try now",
  restarted: "Your earlier chat has ended, so this is a new one.",

  keptTitle: "What is kept",
  keptDevice:
    "On this device: a key that opens this chat again, for {days} days after you last used it. "
    + "Words that are not sent yet stay in this tab until they are. Nothing is kept before you open the chat, and there are no cookies.",
  keptClinic: "At the clinic: what you write and what is answered.",
  keptMore: "How the clinic handles your data",
  forget: "Forget this chat on this device",
  forgetSure: "Press again to forget it",
  forgotten: "This device has forgotten the chat. Write something to begin a new one.",
};

function own() {
  const block = document.getElementById("clinic-chat-words");
  if (!block) return {};
  try {
    return JSON.parse(block.textContent);
  } catch (error) {
    console.warn("clinic-chat: the words on this page are not valid JSON.", error);
    return {};
  }
}

let mine;

/** The string called *name*, or *text*, with {braces} filled from *values*. */
export function say(name, values = {}, text) {
  mine ??= { ...WORDS, ...own() };
  return (mine[name] ?? text).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
