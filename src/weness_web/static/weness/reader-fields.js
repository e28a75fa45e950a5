/* What may be said of a coding beside its code, as a small form; only what the code knows. */
(function () {
  "use strict";
  var reader = window.reader, given = reader.given, h = reader.h;
  var names = Object.fromEntries(given.partners);

  function word(value) {
    if (value === true || value === false) return reader.say(value ? "yes" : "no");
    if (Array.isArray(value)) return value.map(word).join(", ");
    if (reader.codes.has(value)) return reader.codeOf(value).title;
    return names[value] || given.value_words[value] || String(value);
  }
  function label(field) { return given.field_words[field] || field; }

  reader.fieldsLine = function (one) {
    var known = reader.codeOf(one.code).fields || {};
    var said = Object.keys(one.fields || {}).filter(function (name) { return known[name] && one.fields[name] !== "unspecified" && one.fields[name] !== null; });
    if (!said.length) return "";
    return h("p", { class: "said" }, said.map(function (name) { return label(name) + ": " + word(one.fields[name]); }).join(" · "));
  };

  function options(kind, values) {
    var partners = given.partners.map(function (one) { return one[0]; });
    if (kind === "yesno") return ["true", "false"];
    if (kind === "holder") return partners.concat("partnership", "beneficiaries", "unspecified");
    if (kind === "target") return partners.concat("partnership");
    return values;
  }
  function control(name, kind, values, now, id) {
    if (kind === "text") return h("input", { id: id, name: name, value: now || "", maxlength: 200 });
    if (kind === "partners" || kind === "codes") {
      var all = kind === "codes" ? given.codes.filter(function (one) { return one.family === "A"; }).map(function (one) { return one.id; }) : ["all"].concat(given.partners.map(function (one) { return one[0]; }));
      var held = [].concat(now || []);
      return h("div", { role: "group", "aria-labelledby": id + "-label", class: "checks" }, all.map(function (value) {
        return h("label", {}, [h("input", { type: "checkbox", name: name, value: value, checked: held.includes(value) }), " " + word(value)]);
      }));
    }
    return h("select", { id: id, name: name }, [h("option", { value: "" }, "–")].concat(options(kind, values).map(function (value) {
      return h("option", { value: value, selected: String(now) === value }, kind === "yesno" ? word(value === "true") : word(value));
    })));
  }
  function told(form, known) {
    var said = {};
    Object.keys(known).forEach(function (name) {
      var kind = known[name][0];
      if (kind === "partners" || kind === "codes") {
        var list = Array.from(form.querySelectorAll("[name=" + name + "]:checked"), function (box) { return box.value; });
        if (list.length) said[name] = list.includes("all") ? "all" : list;
        return;
      }
      var value = form.elements[name].value.trim();
      if (value) said[name] = kind === "yesno" ? value === "true" : value;
    });
    return said;
  }

  reader.fieldsForm = function (one, done) {
    var known = reader.codeOf(one.code).fields || {};
    var form = h("form", { class: "fields" }, Object.keys(known).map(function (name) {
      var id = "f-" + name, isGroup = ["partners", "codes"].includes(known[name][0]);
      return h("div", { class: "field" }, [
        isGroup ? h("span", { id: id + "-label", class: "label" }, label(name)) : h("label", { for: id }, label(name)),
        control(name, known[name][0], known[name][1], (one.fields || {})[name], id),
      ]);
    }));
    form.append(h("div", { class: "answers" }, [h("button", { class: "main" }, reader.say("save")), reader.button(reader.say("cancel"), done)]));
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      reader.act("fields", { id: one.id, fields: told(form, known) });
      done();
    });
    return form;
  };
})();
