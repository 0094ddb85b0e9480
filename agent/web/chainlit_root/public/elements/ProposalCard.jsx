// The approvals page's own card, always as it stands now: fetched when shown, when the host rings, and now and then.
import { useEffect, useState } from "react";

export default function ProposalCard() {
  const [html, setHtml] = useState("");
  const [problem, setProblem] = useState("");

  const load = async () => {
    try {
      const response = await fetch(`/approvals/card/${props.id}`, { headers: { Accept: "application/json" } });
      const text = await response.text();
      if (response.ok) { setHtml(text); setProblem(""); } else { setProblem(JSON.parse(text).error); }
    } catch {
      setProblem(`Proposal ${props.id} cannot be shown right now; the host does not answer.`);
    }
  };

  useEffect(() => {
    const onMessage = (event) => {
      if (event.source === window && event.data && event.data.aeip === "proposals") load();
    };
    load();
    window.addEventListener("message", onMessage);
    const timer = setInterval(load, 20000);
    return () => { window.removeEventListener("message", onMessage); clearInterval(timer); };
  }, [props.id]);

  return (
    <div className="aeip-card">
      {problem ? <p role="alert">{problem}</p> : null}
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  );
}
