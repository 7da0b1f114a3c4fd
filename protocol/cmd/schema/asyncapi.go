package main

import (
	"fmt"
	"strings"

	"kickstand/protocol"
)

// channel is one conversation between a device and the hub.
type channel struct {
	name  protocol.Channel
	up    bool // from the device to the hub
	qos   int
	about string
	kinds []protocol.Kind
}

// channels says where each kind is said. It is read by the device's reader of
// the protocol, so the words are for a person.
func channels() []channel {
	return []channel{
		{protocol.Evt, true, 1, "Facts from the device's outbox, at least once and in the order of seq within an epoch. Deleted on the device only by an ack.", []protocol.Kind{
			protocol.KindSale, protocol.KindDrawer, protocol.KindPrinted, protocol.KindMail, protocol.KindReset, protocol.KindGap, protocol.KindFault,
			protocol.KindTillOpened, protocol.KindTillMoved, protocol.KindTillClosed, protocol.KindSealAccepted, protocol.KindCartParked, protocol.KindCartGone, protocol.KindSpecialPlaced,
		}},
		{protocol.Ack, false, 1, "The hub's word, after its database commit, that facts are applied or in quarantine.", []protocol.Kind{protocol.KindAck}},
		{protocol.Req, true, 1, "A question or command of the device; a command carries an id and is carried out once. Its answer carries the same correlation id.", []protocol.Kind{protocol.KindClockAsk, protocol.KindItemsAsk, protocol.KindPictureAsk, protocol.KindSaleFind, protocol.KindSalesAsk, protocol.KindRefundHold, protocol.KindStockAsk, protocol.KindStockReserve, protocol.KindCartAsk, protocol.KindCartClaim, protocol.KindCustomerFind, protocol.KindCustomerAdd, protocol.KindTenderBegin, protocol.KindTenderAsk, protocol.KindTenderCancel, protocol.KindGiftAsk, protocol.KindSpecialAsk, protocol.KindSpecialOpen, protocol.KindSealAsk, protocol.KindSealSigned}},
		{protocol.Res, false, 1, "The answer to a question, or a refusal.", []protocol.Kind{protocol.KindClock, protocol.KindItems, protocol.KindPicture, protocol.KindRefused, protocol.KindSaleFound, protocol.KindSalesLast, protocol.KindRefundHeld, protocol.KindStockLevels, protocol.KindStockReserved, protocol.KindCartList, protocol.KindCartClaimed, protocol.KindCustomersFound, protocol.KindTenderState, protocol.KindGiftTold, protocol.KindSpecialList, protocol.KindSpecialOpened, protocol.KindSealTold, protocol.KindSealKept}},
		{protocol.Tell, false, 1, "What the hub says unasked. Lost while the device is away, so it asks again when it is back.", []protocol.Kind{protocol.KindTenderState, protocol.KindTenderWays, protocol.KindCartList, protocol.KindStockLevels, protocol.KindSealTold}},
		{protocol.Birth, true, 1, "The device has connected. Sent after its subscriptions and before any fact.", []protocol.Kind{protocol.KindBirth}},
		{protocol.Will, true, 1, "A session has ended: from the broker when the connection was lost, from the device when it stops.", []protocol.Kind{protocol.KindWill}},
		{protocol.Desired, false, 1, "What the hub wants the device to run. Sent at birth and on change, never retained.", []protocol.Kind{protocol.KindDesired}},
		{protocol.Reported, true, 1, "What the device runs.", []protocol.Kind{protocol.KindReported}},
		{protocol.Metric, true, 0, "Measurements, best effort.", []protocol.Kind{protocol.KindMetric}},
	}
}

type object = map[string]any

// asyncAPI returns the document, AsyncAPI 3.0.0, told from the device's side.
func asyncAPI() (object, error) {
	chans, ops, messages := object{}, object{}, object{}
	for _, c := range channels() {
		chans[string(c.name)] = c.describe()
		ops[string(c.name)] = c.operation()
		for _, k := range c.kinds {
			messages[messageName(k)] = message(k)
		}
	}
	for _, b := range protocol.Kinds() {
		if messages[messageName(b.Kind())] == nil {
			return nil, fmt.Errorf("kind %s is on no channel: add it to channels()", b.Kind())
		}
	}
	return object{
		"asyncapi": "3.0.0",
		"info": object{
			"title":       "Kickstand device protocol",
			"version":     fmt.Sprintf("%d.0.0", protocol.Version),
			"description": fmt.Sprintf("What a shop's devices and their hub say to each other over MQTT 3.1.1. Every payload is one JSON envelope of at most %d bytes; part is the FNV-1a hash of the device id modulo %d, in two digits.", protocol.MaxEnvelope, protocol.Parts),
		},
		"defaultContentType": "application/json",
		"channels":           chans,
		"operations":         ops,
		"components":         object{"messages": messages},
	}, nil
}

func (c channel) describe() object {
	address := "ks/v1/{shop}/{part}/{device}/" + string(c.name)
	params := object{
		"shop":   object{"description": "shop id, 1 to 48 of a-z, 0-9 and -"},
		"part":   object{"description": "hash slice of the device, 00 to 63"},
		"device": object{"description": "device id, 1 to 48 of a-z, 0-9 and -"},
	}
	if c.name == protocol.Req || c.name == protocol.Res {
		address += "/{corr}"
		params["corr"] = object{"description": "correlation id, minted by the asker"}
	}
	said := object{}
	for _, k := range c.kinds {
		said[messageName(k)] = object{"$ref": "#/components/messages/" + messageName(k)}
	}
	return object{"address": address, "description": c.about, "parameters": params, "messages": said}
}

func (c channel) operation() object {
	action := "receive"
	if c.up {
		action = "send"
	}
	op := object{
		"action": action, "channel": object{"$ref": "#/channels/" + string(c.name)}, "summary": c.about,
		"bindings": object{"mqtt": object{"qos": c.qos, "retain": false}},
	}
	if c.name == protocol.Req {
		op["reply"] = object{"channel": object{"$ref": "#/channels/" + string(protocol.Res)}}
	}
	return op
}

// messageName is a kind as AsyncAPI allows it in a key.
func messageName(k protocol.Kind) string { return strings.ReplaceAll(string(k), ".", "-") }

func message(k protocol.Kind) object {
	return object{
		"name": string(k), "title": string(k), "contentType": "application/json",
		"payload": object{"allOf": []any{
			object{"$ref": "envelope.json"},
			object{"properties": object{"kind": object{"const": k}, "body": object{"$ref": fileOf(k)}}},
		}},
	}
}
