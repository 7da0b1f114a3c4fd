package pay

import (
	"strings"

	"github.com/stripe/stripe-go/v76"
)

// params spells a request for stripe-go.
func (r Request) params() (string, stripe.ParamsContainer) {
	switch r.Step {
	case StepCreate:
		return r.createParams()
	case StepProcess:
		return r.processParams()
	case StepStop:
		return "/v1/terminal/readers/" + r.Reader + "/cancel_action", &stripe.TerminalReaderCancelActionParams{}
	case StepCancel:
		return r.cancelParams()
	case StepExpire:
		return "/v1/checkout/sessions/" + r.Intent + "/expire", &stripe.CheckoutSessionExpireParams{}
	case StepIncrement:
		return "/v1/payment_intents/" + r.Intent + "/increment_authorization",
			&stripe.PaymentIntentIncrementAuthorizationParams{Amount: stripe.Int64(int64(r.Amount))}
	case StepCapture:
		return "/v1/payment_intents/" + r.Intent + "/capture",
			&stripe.PaymentIntentCaptureParams{AmountToCapture: stripe.Int64(int64(r.Amount))}
	case StepCustomer:
		return "/v1/customers", &stripe.CustomerParams{Metadata: r.metadata()}
	case StepDetach:
		return "/v1/payment_methods/" + r.Method + "/detach", &stripe.PaymentMethodDetachParams{}
	}
	if r.Mode == Present {
		return "/v1/terminal/readers/" + r.Reader + "/refund_payment", &stripe.TerminalReaderRefundPaymentParams{
			PaymentIntent: stripe.String(r.Intent), Amount: stripe.Int64(int64(r.Amount)), Metadata: r.metadata(),
		}
	}
	return "/v1/refunds", &stripe.RefundParams{
		PaymentIntent: stripe.String(r.Intent),
		Amount:        stripe.Int64(int64(r.Amount)),
		Metadata:      r.metadata(),
	}
}

func (r Request) createParams() (string, stripe.ParamsContainer) {
	switch {
	case r.Mode.web():
		return "/v1/checkout/sessions", r.sessionParams()
	case r.Mode == Saving:
		return "/v1/setup_intents", &stripe.SetupIntentParams{
			Customer: stripe.String(r.Customer), PaymentMethodTypes: stripe.StringSlice(strings.Split(r.Methods, ",")),
			Usage: stripe.String(string(stripe.SetupIntentUsageOffSession)), Metadata: r.metadata(),
		}
	}
	return "/v1/payment_intents", r.intentParams()
}

func (r Request) processParams() (string, stripe.ParamsContainer) {
	path := "/v1/terminal/readers/" + r.Reader
	if r.Mode == Saving {
		return path + "/process_setup_intent", &stripe.TerminalReaderProcessSetupIntentParams{
			SetupIntent: stripe.String(r.Intent), CustomerConsentCollected: stripe.Bool(true),
		}
	}
	return path + "/process_payment_intent", &stripe.TerminalReaderProcessPaymentIntentParams{PaymentIntent: stripe.String(r.Intent)}
}

func (r Request) cancelParams() (string, stripe.ParamsContainer) {
	const why = string(stripe.PaymentIntentCancellationReasonRequestedByCustomer)
	if r.Mode == Saving {
		return "/v1/setup_intents/" + r.Intent + "/cancel", &stripe.SetupIntentCancelParams{CancellationReason: stripe.String(why)}
	}
	return "/v1/payment_intents/" + r.Intent + "/cancel", &stripe.PaymentIntentCancelParams{CancellationReason: stripe.String(why)}
}

func (r Request) intentParams() *stripe.PaymentIntentParams {
	p := &stripe.PaymentIntentParams{
		Amount:             stripe.Int64(int64(r.Amount)),
		Currency:           stripe.String(r.Currency),
		PaymentMethodTypes: stripe.StringSlice(strings.Split(r.Methods, ",")),
		CaptureMethod:      stripe.String(string(stripe.PaymentIntentCaptureMethodAutomatic)),
		Metadata:           r.metadata(),
	}
	if r.Mode.held() {
		p.CaptureMethod = stripe.String(string(stripe.PaymentIntentCaptureMethodManual))
	}
	if r.Mode.held() && r.Method == "" {
		p.PaymentMethodOptions = &stripe.PaymentIntentPaymentMethodOptionsParams{
			CardPresent: &stripe.PaymentIntentPaymentMethodOptionsCardPresentParams{RequestIncrementalAuthorizationSupport: stripe.Bool(true)},
		}
	}
	if r.Method != "" {
		p.Customer, p.PaymentMethod = stripe.String(r.Customer), stripe.String(r.Method)
		p.Confirm, p.OffSession = stripe.Bool(true), stripe.Bool(true)
	}
	return p
}

// sessionParams spells a page of Stripe's that takes one payment or saves a card.
func (r Request) sessionParams() *stripe.CheckoutSessionParams {
	p := &stripe.CheckoutSessionParams{
		Mode:               stripe.String(string(stripe.CheckoutSessionModePayment)),
		PaymentMethodTypes: stripe.StringSlice([]string{r.Methods}),
		SuccessURL:         stripe.String(r.Done),
		CancelURL:          stripe.String(r.Away),
		ExpiresAt:          stripe.Int64(r.Until),
		Metadata:           r.metadata(),
	}
	if r.Customer != "" {
		p.Customer = stripe.String(r.Customer)
	}
	if r.Mode == WebSave {
		p.Mode = stripe.String(string(stripe.CheckoutSessionModeSetup))
		p.SetupIntentData = &stripe.CheckoutSessionSetupIntentDataParams{Metadata: r.metadata()}
		return p
	}
	p.LineItems = []*stripe.CheckoutSessionLineItemParams{{
		Quantity: stripe.Int64(1),
		PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
			Currency: stripe.String(r.Currency), UnitAmount: stripe.Int64(int64(r.Amount)),
			ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(r.Title)},
		},
	}}
	p.PaymentIntentData = &stripe.CheckoutSessionPaymentIntentDataParams{Metadata: r.metadata()}
	if r.Mode == WebHold {
		p.PaymentIntentData.CaptureMethod = stripe.String(string(stripe.PaymentIntentCaptureMethodManual))
	}
	if r.Keep {
		p.PaymentIntentData.SetupFutureUsage = stripe.String(string(stripe.PaymentIntentSetupFutureUsageOffSession))
	}
	return p
}
