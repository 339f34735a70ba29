"""The document ``modicum.order/1``: an order as JSON, for the pharmacist alone."""

from typing import Any

from modicum.supply.batches import Batch
from modicum.supply.cost import Cost
from modicum.supply.kits import FilledKit
from modicum.supply.ledger import ACCOUNTS
from modicum.supply.order import LiquidNeed, Order, PhaseNeed
from modicum.supply.strengths import Choice

SCHEMA = "modicum.order/1"


def order_document(order: Order) -> dict[str, Any]:
    """The order itself; a service adds whose it is and what was written.

    Args:
        order: as made.
    """
    plan, protocol = order.plan, order.protocol
    return {
        "schema": SCHEMA,
        "protocol": {"name": protocol.name, "version": protocol.version, "sha256": protocol.sha256},
        "made_on": order.made_on.isoformat(),
        "first_day": order.first_day.isoformat(),
        "drug": {"name": protocol.drug.name, "form": protocol.drug.form, "most_ug": plan.most_ug},
        "capsules": {
            **_choice(plan.choice),
            "most_a_night": plan.most_a_night,
            "alike": plan.alike,
            "size": plan.size,
            "fill_ug": plan.fill_ug,
            "filler": plan.filler,
            "avoid": list(protocol.supply.avoid),
            "packed": "night by night" if plan.numbered else "in one container",
            "half_nights": plan.half_nights,
            "overage": protocol.supply.overage,
            "alternatives": [_choice(one) for one in plan.alternatives],
        },
        "phases": [_phase(one) for one in order.phases],
        "kits": [_kit(one, plan.fill_ug) for one in order.kits],
        "batches": [_batch(one) for one in order.batches],
        "amounts": _amounts(order),
        "cost": [_cost(now, most) for now, most in zip(order.costs, order.costs_most, strict=True)],
        "liquid": _liquid(order.liquid) if order.liquid else None,
        "figures": [one.model_dump(mode="json") for one in order.formulation.figures],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    made = [{"dose_ug": dose, "capsules_ug": list(capsules)} for dose, capsules in choice.made_of.items()]
    return {"a_night": choice.a_night, "strengths_ug": list(choice.strengths_ug), "doses": made}


def _phase(need: PhaseNeed) -> dict[str, Any]:
    return {
        "phase": need.phase.name,
        "blinded": need.phase.blinded,
        "known": need.known,
        "ordered": need.ordered,
        "kits": need.kits,
        "nights": need.nights,
        "capsules": need.capsules,
        "drug_ug": need.drug_ug,
        "first_evening": need.first_evening.isoformat(),
        "last_evening": need.last_evening.isoformat(),
    }


def _kit(one: FilledKit, fill_ug: int) -> dict[str, Any]:
    kit = one.kit
    return {
        "code": kit.code,
        "phase": kit.period.phase,
        "period": kit.period.period,
        "part": kit.period.part,
        "batch": kit.batch,
        "first_evening": kit.first_evening.isoformat(),
        "last_evening": kit.last_evening.isoformat(),
        "use_before": kit.use_before.isoformat(),
        "dose_ug": one.dose_ug,
        "runs": [
            {
                "first_night": run.first_night,
                "nights": run.nights,
                "spare": run.spare,
                "capsules_ug": list(capsules),
                "weight_ug": len(capsules) * fill_ug,
            }
            for run, capsules in zip(kit.runs, one.capsules_ug, strict=True)
        ],
    }


def _batch(batch: Batch) -> dict[str, Any]:
    return {
        "name": batch.name,
        "phase": batch.phase,
        "make_on": batch.make_on.isoformat(),
        "use_before": batch.use_before.isoformat(),
        "kits": list(batch.codes),
        "dilution": batch.dilution,
        "drug_ug": batch.drug_ug,
        "stock_drug_ug": batch.stock_drug_ug,
        "left_over_ug": batch.left_over_ug,
        "lines": [
            {
                "content_ug": line.content_ug,
                "capsules": line.capsules,
                "nights": line.nights,
                "spare": line.spare,
                "retained": line.retained,
                "drug_ug": line.drug_ug,
                "weighed_ug": line.weighed_ug,
                "filler_ug": line.filler_ug,
            }
            for line in batch.lines
        ],
    }


def _amounts(order: Order) -> dict[str, Any]:
    ledger = order.ledger
    return {
        "capsules": {"ordered": ledger.ordered, **{one: ledger.capsules(one) for one in ACCOUNTS}},
        "drug_ug": {"ordered": ledger.ordered_ug, **{one: ledger.amount_ug(one) for one in ACCOUNTS}},
        "by_content": [
            {"content_ug": content, "ordered": sum(accounts.values()), **accounts}
            for content, accounts in sorted(ledger.counts.items())
        ],
    }


def _cost(now: Cost, most: Cost) -> dict[str, Any]:
    price = now.price
    return {
        "seller": price.seller,
        "currency": price.currency,
        "price_cents": price.cents,
        "price_capsules": price.capsules,
        "dated": price.dated,
        "source": price.source,
        "grade": price.grade,
        "ordered": {"capsules": now.capsules, "cents": now.cents, "packs": now.packs, "packs_cents": now.packs_cents},
        "most": {"capsules": most.capsules, "cents": most.cents, "packs": most.packs, "packs_cents": most.packs_cents},
    }


def _liquid(need: LiquidNeed) -> dict[str, Any]:
    liquid = need.liquid
    return {
        "warning": liquid.warning,
        "forbidden": need.blinded,
        "ug_per_ml": liquid.ug_per_ml,
        "volumes": [{"dose_ug": dose, "volume_ul": volume} for dose, volume in need.volumes_ul],
        "batches": need.batches,
        "batch_ml": liquid.batch_ml,
        "days": liquid.days,
        "keeping": liquid.keeping,
        "formula": liquid.formula,
        "source": liquid.source,
        "grade": liquid.grade,
        "confirmed": liquid.confirmed,
    }
