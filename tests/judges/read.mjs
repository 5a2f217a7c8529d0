// Reads calendar files, a JSON list on standard input, as ical.js understands them; it has no zone data of its own.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent");
  const event = events[0];
  const moment = (name) => {
    const property = event.getFirstProperty(name);
    const time = property.getFirstValue();
    if (property.getParameter("tzid") && time.zone.tzid !== property.getParameter("tzid")) {
      throw new Error(`${name}: the zone ${property.getParameter("tzid")} is not in the file`);
    }
    return time.toUnixTime();
  };
  return {
    method: calendar.getFirstPropertyValue("method"),
    events: events.length,
    uid: event.getFirstPropertyValue("uid"),
    sequence: event.getFirstPropertyValue("sequence"),
    status: event.getFirstPropertyValue("status"),
    summary: event.getFirstPropertyValue("summary"),
    description: event.getFirstPropertyValue("description"),
    location: event.getFirstPropertyValue("location"),
    attendees: event.getAllProperties("attendee").map((each) => [each.getFirstValue(), each.getParameter("cn")]),
    organizer: event.getFirstPropertyValue("organizer"),
    start: moment("dtstart"),
    end: moment("dtend"),
  };
}

const answers = JSON.parse(readFileSync(0, "utf-8")).map((text) => {
  ICAL.TimezoneService.reset();
  return read(text);
});
process.stdout.write(JSON.stringify(answers));
